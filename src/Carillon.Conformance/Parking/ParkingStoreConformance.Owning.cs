using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>A process that was paused before it parked, and wakes after its successor, leaves nothing behind.</summary>
    [Fact]
    public async Task Park_ShouldBeRefused_WhenPartitionHasAnotherOwner()
    {
        var (store, deadLetters) = await OpenAsync();
        var paused = await OwnAsync(store);
        var successor = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));

        await RefusedAsync(() => store.ParkAsync(paused, [Dead(1, "k")], Cancellation));

        Assert.Empty(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Empty(await store.ReadHeldUpAsync(successor, null, 10, Cancellation));
    }

    /// <summary>Neither does one that was paused before it wrote down what it had handled again.</summary>
    [Fact]
    public async Task Settle_ShouldBeRefused_WhenPartitionHasAnotherOwner()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Parked(2, "k"));
        var paused = await OwnAsync(store);
        var run = await ClaimAsync(store, ofKey: 2);
        var successor = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));

        await RefusedAsync(() => store.SettleAsync(paused, [run[0].Id], run[1] with { State = ParkedState.Dead }, Cancellation));

        Assert.Empty(await store.ClaimAsync(new ParkingClaim([paused], 10, 10), Cancellation));
        Assert.Equal([1, 2], InOrder(await store.ClaimAsync(new ParkingClaim([successor], 10, 10), Cancellation)));
    }

    /// <summary>What an owner had claimed is free for the next one, and only in the partitions that it took over.</summary>
    [Fact]
    public async Task TakeOver_ShouldFreeClaims_WhenEarlierOwnerHadSome()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k", "one"), Parked(2, "l", "two"));
        ParkingOwner[] earlier = [await OwnAsync(store, "one"), await OwnAsync(store, "two")];
        Assert.Equal(2, (await store.ClaimAsync(new ParkingClaim(earlier, 10, 10), Cancellation)).Count);

        var owner = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition("one")], Cancellation));

        Assert.Equal([1], Numbers(await store.ClaimAsync(new ParkingClaim([owner, earlier[1]], 10, 10), Cancellation)));
    }

    /// <summary>Other subscriptions and partitions keep their owners.</summary>
    [Fact]
    public async Task TakeOver_ShouldLeaveOthersAlone_WhenPartitionChangesItsOwner()
    {
        var (store, _) = await OpenAsync();
        var (elsewhere, ofOther) = (await OwnAsync(store, "two"), await OwnAsync(store, "one", "stock"));

        await OwnAsync(store, "one");

        await store.ParkAsync(elsewhere, [Parked(1, "k", "two")], Cancellation);
        await store.ParkAsync(ofOther, [Parked(2, "k", "one") with { Subscription = "stock" }], Cancellation);
    }

    /// <summary>Whoever comes too late with an older fence gets nothing; the same fence and none are taken.</summary>
    [Fact]
    public async Task TakeOver_ShouldLeaveOut_WhenFenceIsOlder()
    {
        var (store, _) = await OpenAsync();
        var owner = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition("one", 7)], Cancellation));

        var late = await store.TakeOverAsync("orders", [new AssignedPartition("one", 6), new AssignedPartition("two", 6)], Cancellation);

        Assert.Equal("two", Assert.Single(late).Partition);
        await store.ParkAsync(owner, [Parked(1, "k", "one")], Cancellation);
        Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition("one", 7)], Cancellation));
        Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition("one")], Cancellation));
        Assert.Empty(await store.TakeOverAsync("orders", [new AssignedPartition("one", 6)], Cancellation));
    }

    /// <summary>An owner can tell what earlier ones have parked from what it parks itself.</summary>
    [Fact]
    public async Task TakeOver_ShouldTellWhatWasParkedBefore_WhenPartitionChangesItsOwner()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k", "one"));
        var owner = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition("one")], Cancellation));

        await store.ParkAsync(owner, [Parked(2, "l", "one")], Cancellation);

        var claimed = await store.ClaimAsync(new ParkingClaim([owner], 10, 10), Cancellation);
        Assert.Equal([1, 2], Numbers(claimed));
        Assert.All(claimed, message => Assert.Equal(message.Position == 1, message.Id <= owner.ParkedUpTo));
    }

    private static async Task RefusedAsync(Func<ValueTask<ParkingAnswer>> write) =>
        Assert.Equal(ErrorCodes.PartitionTakenOver, (await Assert.ThrowsAsync<CarillonException>(async () => await write())).Code);
}
