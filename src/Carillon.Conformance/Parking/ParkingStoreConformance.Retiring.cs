using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    private static readonly HandledMessages HandlesAlike = HandledMessages.OfTypes(new HandledType("sample.happened", 1));

    /// <summary>What waited for an instance that can handle it is due when one comes, in its place, and holds up its key from then on.</summary>
    [Fact]
    public async Task Revive_ShouldMakeDueInOrder_WhenInstanceHandlesTheType()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Unhandled(1, "k"), Dead(2, "l"));
        Assert.Equal(["l"], await store.ReadHeldUpAsync(await OwnAsync(store), null, 10, Cancellation));

        await store.ReviveAsync(await OwnAsync(store), HandlesAlike, Cancellation);
        var answer = await store.ParkAsync(await OwnAsync(store), [Parked(3, "k") with { State = ParkedState.Behind }], Cancellation);

        Assert.True(answer.HeldUp["k"]);
        Assert.Equal([1, 3], InOrder(await ClaimAsync(store, ofKey: 2)));
    }

    /// <summary>What the instance does not handle goes on waiting, and holds up nothing. The store tells what it is.</summary>
    [Fact]
    public async Task Revive_ShouldLeaveAlone_WhenInstanceHandlesOthersOnly()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Unhandled(1, "k"), Unhandled(2, "m", "two"));

        var waiting = await store.ReviveAsync(await OwnAsync(store), HandledMessages.OfTypes(new HandledType("other.kind", 1), new HandledType("sample.happened", 2)), Cancellation);

        Assert.Equal([RoutedType.Parse("sample.happened:1@a.b")], waiting);
        Assert.Empty(await ClaimAsync(store));
        Assert.Empty(await store.ReadHeldUpAsync(await OwnAsync(store), null, 10, Cancellation));
        Assert.Empty(await store.ReviveAsync(await OwnAsync(store), HandlesAlike, Cancellation));
        Assert.Equal([1], Numbers(await ClaimAsync(store)));
    }

    /// <summary>Of one type, what came by the topics that the instance names is due, and the rest waits on; of a command its topic does not count.</summary>
    [Fact]
    public async Task Revive_ShouldGoByTheTopic_WhenInstanceTakesEnvelopesOfSome()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Of(1, "a.b"), Of(2, "other"), Of(3, null), Of(4, "a.c", MessageKind.Command));

        var waiting = await store.ReviveAsync(await OwnAsync(store), HandledMessages.Parse("*@a.>"), Cancellation);

        Assert.Equal(["sample.happened:1@", "sample.happened:1@other"], waiting.Select(static message => message.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal([1], Numbers(await ClaimAsync(store)));
        Assert.Empty(await store.ReviveAsync(await OwnAsync(store), HandlesAlike, Cancellation));
        Assert.Equal([2, 3, 4], Numbers(await ClaimAsync(store)).Order());

        ParkedMessage Of(int number, string? topic, MessageKind kind = MessageKind.Event)
        {
            var message = Unhandled(number, $"k{number}");
            return message with { Envelope = message.Envelope with { Topic = topic, Kind = kind } };
        }
    }

    /// <summary>Somebody who is not the owner any more changes nothing.</summary>
    [Fact]
    public async Task Revive_ShouldBeRefused_WhenPartitionHasAnotherOwner()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Unhandled(1, "k"));
        var earlier = await OwnAsync(store);
        var owner = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));

        var refusal = await Assert.ThrowsAsync<CarillonException>(async () => await store.ReviveAsync(earlier, HandlesAlike, Cancellation));

        Assert.Equal(ErrorCodes.PartitionTakenOver, refusal.Code);
        Assert.Empty(await store.ClaimAsync(new ParkingClaim([owner], 10, 10), Cancellation));
    }

    /// <summary>Nothing of the subscription is left, and everything of others.</summary>
    [Fact]
    public async Task Retire_ShouldRemoveAllOfTheSubscription_WhenItHasSetAsideSome()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(1, "k"), Parked(2, "k"), Parked(3, "l", "two"), Dead(4, "k") with { Subscription = "stock" });

        await store.RetireAsync("orders", Cancellation);

        Assert.Equal("stock", Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Subscription);
        foreach (var partition in new[] { Partitions.Whole, "two" })
        {
            var owner = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(partition)], Cancellation));
            Assert.Empty(await store.ReadHeldUpAsync(owner, null, 10, Cancellation));
            Assert.Empty(await store.ClaimAsync(new ParkingClaim([owner], 10, 10), Cancellation));
        }
    }

    /// <summary>A process that was paused meanwhile leaves nothing behind, also when the next owner has a transport that counts its fences anew.</summary>
    [Fact]
    public async Task Retire_ShouldTakePartitionsFromTheirOwners_WhenOneStillWrites()
    {
        var (store, _) = await OpenAsync();
        var paused = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition("one", 7)], Cancellation));

        await store.RetireAsync("orders", Cancellation);

        await RefusedAsync(() => store.ParkAsync(paused, [Dead(1, "k", "one")], Cancellation));
        Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition("one", 1)], Cancellation));
        await RefusedAsync(() => store.ParkAsync(paused, [Dead(1, "k", "one")], Cancellation));
    }

    private ParkedMessage Unhandled(int number, string? key, string partition = Partitions.Whole) =>
        Parked(number, key, partition) with { BlocksKey = false, Delay = TimeSpan.FromDays(1), Code = ErrorCodes.UnknownType };
}
