using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Tests.Hosting;
using Carillon.Tests.Subscribing;
using Carillon.Transports;

namespace Carillon.Tests.Parking;

/// <summary>By whose right a subscription sets messages aside, and what it does when somebody else has a partition.</summary>
public sealed class PartitionOwningTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly InterruptibleStore _store;
    private readonly SubscriptionParking _parking;

    public PartitionOwningTests()
    {
        _store = new InterruptibleStore(_time);
        _parking = TestParking.Open("shop", _store, new SubscriptionOptions(), _time, _log);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task BuryAsync_ShouldBeRefusedAndHandleNothingMore_WhenAnotherInstanceHasThePartition()
    {
        await _store.TakeOverAsync("shop", [new AssignedPartition("0")], Cancellation);

        await BuryInVainAsync();

        Assert.Throws<CarillonException>(() => _parking.Partitions.OwnerOf("0"));
        Assert.Empty(await _store.Store.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.DoesNotContain(1302, _log.Ids);
        Assert.Single(_log.Of(1322));
        _ = _parking.Partitions.OwnerOf("1");
    }

    [Fact]
    public async Task RegainAsync_ShouldTakeThePartitionAgain_WhenTheTransportDoesNotTakeItAway()
    {
        await _store.TakeOverAsync("shop", [new AssignedPartition("0")], Cancellation);
        await BuryInVainAsync();

        var regaining = _parking.Partitions.RegainAsync("0", Cancellation).AsTask();
        Assert.False(regaining.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await regaining.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);
        Assert.Single(await _store.Store.ListAsync(new DeadLetterQuery(), Cancellation));
    }

    /// <summary>An error that came out of here ended the worker, and with it its keys, for good.</summary>
    [Fact]
    public async Task RegainAsync_ShouldTryAgain_WhenTheStoreCannotBeReached()
    {
        await _store.TakeOverAsync("shop", [new AssignedPartition("0")], Cancellation);
        await BuryInVainAsync();
        var left = 3;
        _store.Before = call =>
        {
            if (call == "take over" && left-- > 0)
                throw new IOException("the store is away");
        };

        var regaining = _parking.Partitions.RegainAsync("0", Cancellation).AsTask();
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return regaining.IsCompleted;
        });

        await regaining;
        Assert.Equal(-1, left);
        _ = _parking.Partitions.OwnerOf("0");
        Assert.Contains(1323, _log.Ids);
    }

    [Fact]
    public async Task RegainAsync_ShouldGiveUpWithoutAnError_WhenTheTransportTakesThePartitionAway()
    {
        await _store.TakeOverAsync("shop", [new AssignedPartition("0", 5)], Cancellation);
        await BuryInVainAsync();
        using var patience = new CancellationTokenSource();
        var regaining = _parking.Partitions.RegainAsync("0", patience.Token).AsTask();

        patience.Cancel();

        await regaining.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Throws<CarillonException>(() => _parking.Partitions.OwnerOf("0"));
    }

    public void Dispose() => _log.Dispose();

    private async Task BuryInVainAsync()
    {
        var refusal = await Assert.ThrowsAsync<CarillonException>(async () => await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation));
        Assert.Equal(ErrorCodes.PartitionTakenOver, refusal.Code);
    }
}
