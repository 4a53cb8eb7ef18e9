using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;
using Carillon.Tests.Parking;
using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>What happens when a delivery fails outside of its handlers.</summary>
public sealed class DeliveryProcessorTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly LaneScheduler _scheduler = new();
    private readonly DeliveryBudget _budget = new(10, 1 << 20);
    private readonly LaneWorker _worker;
    private readonly InterruptibleStore _store;
    private readonly SubscriptionParking _parking;
    private readonly DeliveryProcessor _processor;

    public DeliveryProcessorTests()
    {
        _worker = new LaneWorker(_scheduler, new IdleLaneHandler());
        _store = new InterruptibleStore(_time);
        var options = new SubscriptionOptions();
        _parking = TestParking.Open("shop", _store, options, _time, _log);
        _processor = new DeliveryProcessor(null!, null!, null!, _parking, new OtherInstances("shop", new TestReceiver(), _parking.Partitions, _time, _log), _budget, _time, _log);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProcessAsync_ShouldTryAgainAfterASecond_WhenSomethingUnforeseenFails()
    {
        var processing = ProcessAsync();
        Assert.Equal([1202], _log.Ids);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal([1202], _log.Ids);
        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await processing.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Equal(0, _budget.Count);
    }

    [Fact]
    public async Task ProcessAsync_ShouldHandleNothing_WhenAnotherInstanceHasThePartition()
    {
        _parking.Partitions.Forget([new AssignedPartition("0")]);
        var processing = ProcessAsync();
        Assert.Empty(_log.Ids);
        _scheduler.Withdraw(static _ => true);
        _worker.Waiting.Cancel();

        await processing.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Equal([1201], _log.Ids);
        Assert.Equal(0, _budget.Count);
    }

    /// <summary>Nothing is there to read the message with: whatever else is broken for good looks the same.</summary>
    [Fact]
    public async Task ProcessAsync_ShouldMakeADeadLetter_WhenSomethingUnforeseenFailsForGood()
    {
        var delivery = new TestDelivery("a");
        var processing = ProcessAsync(Take(delivery));
        for (var failure = 1; failure <= 10; failure++)
        {
            Assert.False(processing.IsCompleted);
            Assert.Equal(failure, _log.Of(1202).Count);
            _time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.IsTrueAsync(() => _log.Of(1202).Count > failure || processing.IsCompleted);
        }

        await processing.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        var dead = Assert.Single(_store.Written);
        Assert.Equal((ParkedState.Dead, ErrorCodes.ProcessingFailed, "System.NullReferenceException"), (dead.State, dead.Code, Assert.Single(dead.Attempts).ErrorType));
        Assert.Equal((1, 0), (delivery.Acknowledged, delivery.Returned));
    }

    /// <summary>That its partition had another owner for a moment is not why the message failed.</summary>
    [Fact]
    public async Task ProcessAsync_ShouldKeepTheCause_WhenTheDeadLetterHasToBeWrittenAgain()
    {
        var isRefused = false;
        var processing = ProcessAsync();
        _store.Before = call =>
        {
            if (call != "park" || isRefused)
                return;
            isRefused = true;
            throw PartitionTakenOver.Refuse(new ParkingOwner("shop", "0", 1));
        };

        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return processing.IsCompleted;
        });

        Assert.True(isRefused);
        Assert.All(_store.Written, dead => Assert.Equal("System.NullReferenceException", Assert.Single(dead.Attempts).ErrorType));
    }

    [Fact]
    public async Task ProcessAsync_ShouldLeaveTheDelivery_WhenItsLaneIsTakenAwayMeanwhile()
    {
        var processing = ProcessAsync();
        _scheduler.Withdraw(static _ => true);
        _worker.TakeCancellation()?.Cancel();

        _time.Advance(TimeSpan.FromSeconds(1));
        await processing.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Contains(1201, _log.Ids);
        Assert.Equal(0, _budget.Count);
    }

    /// <summary>The worker has the message, and has not begun yet: it must not miss that it was cancelled, because nobody cancels it again.</summary>
    [Fact]
    public async Task ProcessAsync_ShouldNotBegin_WhenItsLaneIsTakenAwayJustBefore()
    {
        var item = Take();
        _scheduler.Withdraw(static _ => true);
        _worker.TakeCancellation()?.Cancel();

        await ProcessAsync(item).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Empty(_store.Calls);
        Assert.Equal([1201], _log.Ids);
        Assert.Equal(0, _budget.Count);
    }

    public void Dispose() => _log.Dispose();

    private Task ProcessAsync() => ProcessAsync(Take());

    private Task ProcessAsync(LaneDelivery item) => _processor.ProcessAsync(item, _worker, new DeliveryContext("shop", "shop", null!, null!)).AsTask();

    private LaneDelivery Take() => Take(new TestDelivery("a"));

    private LaneDelivery Take(Delivery added)
    {
        _budget.Take(0);
        _scheduler.Add(added);
        Assert.True(_scheduler.TryTake(_worker, out var lane));
        Assert.True(_scheduler.TryTakeFirst(lane!, out var delivery));
        return new LaneDelivery(lane!, delivery);
    }
}
