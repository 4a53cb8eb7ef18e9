using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>A note that is found again by a later owner is a death; one that the same owner writes again is not.</summary>
    [Fact]
    public async Task Note_ShouldCountEarlierOwners_WhenNobodyRemovesIt()
    {
        var (store, notes) = await OpenNotesAsync();
        var message = Parked(1, "k").Envelope;
        var counts = new List<int>();

        for (var life = 0; life < 3; life++)
        {
            var owner = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));
            counts.Add(await notes.CountAsync(owner, message, Cancellation));
            await notes.NoteAsync(owner, message, Cancellation);
            await notes.NoteAsync(owner, message, Cancellation);
            counts.Add(await notes.CountAsync(owner, message, Cancellation));
        }

        Assert.Equal([0, 0, 1, 1, 2, 2], counts);
    }

    /// <summary>A note is about one message of one subscription, and when it is removed it is as if it had never been.</summary>
    [Fact]
    public async Task Note_ShouldCountNothing_WhenItWasRemovedOrIsAboutAnotherMessage()
    {
        var (store, notes) = await OpenNotesAsync();
        var (message, other) = (Parked(1, "k").Envelope, Parked(2, "k").Envelope);
        var first = await OwnAsync(store);
        await notes.NoteAsync(first, message, Cancellation);
        await notes.NoteAsync(first, other, Cancellation);
        await notes.RemoveAsync(first, message, Cancellation);
        await notes.RemoveAsync(first, message, Cancellation);

        var second = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));
        var elsewhere = await OwnAsync(store, subscription: "payments");

        Assert.Equal(0, await notes.CountAsync(second, message, Cancellation));
        Assert.Equal(1, await notes.CountAsync(second, other, Cancellation));
        Assert.Equal(0, await notes.CountAsync(elsewhere, other, Cancellation));
    }

    /// <summary>Whoever is not the owner any more notes and removes nothing.</summary>
    [Fact]
    public async Task Note_ShouldBeRefused_WhenPartitionHasAnotherOwner()
    {
        var (store, notes) = await OpenNotesAsync();
        var message = Parked(1, "k").Envelope;
        var paused = await OwnAsync(store);
        await notes.NoteAsync(paused, message, Cancellation);
        var successor = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));

        var refusals = new[]
        {
            await Assert.ThrowsAsync<CarillonException>(async () => await notes.NoteAsync(paused, message, Cancellation)),
            await Assert.ThrowsAsync<CarillonException>(async () => await notes.RemoveAsync(paused, message, Cancellation)),
        };

        Assert.All(refusals, refusal => Assert.Equal(ErrorCodes.PartitionTakenOver, refusal.Code));
        Assert.Equal(1, await notes.CountAsync(successor, message, Cancellation));
    }

    /// <summary>An owner takes back its own note, also when it is not the owner any more, and nobody else's.</summary>
    [Fact]
    public async Task Withdraw_ShouldTakeBackOneNote_WhenPartitionHasAnotherOwner()
    {
        var (store, notes) = await OpenNotesAsync();
        var (message, other) = (Parked(1, "k").Envelope, Parked(2, "k").Envelope);
        await notes.NoteAsync(await OwnAsync(store), message, Cancellation);
        var paused = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));
        await notes.NoteAsync(paused, message, Cancellation);
        await notes.NoteAsync(paused, other, Cancellation);
        var successor = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));
        Assert.Equal(2, await notes.CountAsync(successor, message, Cancellation));

        await notes.WithdrawAsync(paused, message, Cancellation);
        await notes.WithdrawAsync(paused, message, Cancellation);

        Assert.Equal(1, await notes.CountAsync(successor, message, Cancellation));
        Assert.Equal(1, await notes.CountAsync(successor, other, Cancellation));
    }

    private async Task<(IParkingStore Store, IStartNotes Notes)> OpenNotesAsync()
    {
        var (store, _) = await OpenAsync();
        Assert.SkipUnless(store is IStartNotes, "the store does not note which messages are being handled");
        return (store, (IStartNotes)store);
    }
}
