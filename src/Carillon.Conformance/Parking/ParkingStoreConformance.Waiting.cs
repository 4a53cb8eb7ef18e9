using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>There is no wait when something is due already.</summary>
    [Fact]
    public async Task WaitForWork_ShouldReturn_WhenMessageIsDue()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"));

        await Patience.ForAsync(Waiting(store), "the wait for parked work");
    }

    /// <summary>Parking something that is due ends the wait.</summary>
    [Fact]
    public Task WaitForWork_ShouldReturn_WhenMessageIsParked() =>
        WakeAsync([], (store, _) => ParkAsync(store, Parked(1, "k")));

    /// <summary>Replaying ends the wait.</summary>
    [Fact]
    public Task WaitForWork_ShouldReturn_WhenLetterIsReplayed() =>
        WakeAsync([Dead(1, "k")], async (_, deadLetters) => await deadLetters.ReplayAsync(await OnlyLetterAsync(deadLetters), Cancellation));

    /// <summary>Discarding ends the wait when something was behind the letter.</summary>
    [Fact]
    public Task WaitForWork_ShouldReturn_WhenLetterIsDiscarded() =>
        WakeAsync([Dead(1, "k"), Parked(2, "k")], async (_, deadLetters) => await deadLetters.DiscardAsync(await OnlyLetterAsync(deadLetters), Cancellation));

    /// <summary>Finishing the first of a key ends the wait when something was behind it.</summary>
    [Fact]
    public async Task WaitForWork_ShouldReturn_WhenMessageInFrontIsFinished()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Parked(2, "k"));
        var claimed = Assert.Single(await ClaimAsync(store));
        var waiting = Waiting(store);

        await FinishAsync(store, claimed);

        await Patience.ForAsync(waiting, "the wait for parked work");
    }

    /// <summary>Time ends the wait when it makes something due, and not before.</summary>
    [Fact]
    public async Task WaitForWork_ShouldReturn_WhenMessageBecomesDue()
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k") with { Delay = TimeSpan.FromSeconds(10) });
        var waiting = Waiting(store);

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Patience.ForAsync(waiting, "the wait for parked work");
        Assert.Equal([1], Numbers(await ClaimAsync(store)));
    }

    /// <summary>The wait goes on while everything that is due is in somebody's hands or in partitions that were not asked about.</summary>
    [Fact]
    public async Task WaitForWork_ShouldGoOn_WhenNothingCanBeClaimed()
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Parked(2, "l", partition: "other"), Dead(3, "m"));
        await ClaimAsync(store);
        var waiting = Waiting(store);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(waiting.IsCompleted);

        await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation);
        await Patience.ForAsync(waiting, "the wait for parked work");
    }

    /// <summary>The wait ends when patience does.</summary>
    [Fact]
    public async Task WaitForWork_ShouldReturn_WhenPatienceIsOver()
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        var waiting = Waiting(store);

        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromHours(1));

        await Patience.ForAsync(waiting, "the wait for parked work");
    }

    /// <summary>A caller that gives up is told so.</summary>
    [Fact]
    public async Task WaitForWork_ShouldThrow_WhenCancelled()
    {
        var (store, _) = await OpenAsync();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = store.WaitForWorkAsync("orders", Partitions.All, TimeSpan.FromHours(1), source.Token).AsTask();

        source.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Patience.ForAsync(waiting, "the wait to be cancelled"));
    }

    private static async Task<long> OnlyLetterAsync(IDeadLetters deadLetters) =>
        Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Id;

    private static Task Waiting(IParkingStore store) => store.WaitForWorkAsync("orders", Partitions.All, TimeSpan.FromHours(1), Cancellation).AsTask();

    private async Task WakeAsync(ParkedMessage[] parked, Func<IParkingStore, IDeadLetters, ValueTask> act)
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, parked);
        var waiting = Waiting(store);
        Assert.False(waiting.IsCompleted);

        await act(store, deadLetters);

        await Patience.ForAsync(waiting, "the wait for parked work");
    }
}
