using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;
using Carillon.Tests.Parking;
using Carillon.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Tests.Subscribing;

/// <summary>What a subscription takes in, gives back and waits for when partitions go or the host stops (G7).</summary>
public sealed class SubscriptionPumpTests : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly TestReceiver _receiver = new();
    private readonly LaneScheduler _scheduler = new();
    private readonly DeliveryBudget _budget = new(10, 1 << 20);
    private readonly GatedLaneHandler _handler;
    private readonly InterruptibleStore _store;
    private readonly SubscriptionParking _parking;
    private readonly SubscriptionPump _pump;

    public SubscriptionPumpTests()
    {
        _handler = new GatedLaneHandler(_scheduler, _budget);
        _store = new InterruptibleStore(_time);
        var options = new SubscriptionOptions();
        _parking = TestParking.Open("shop", _store, options, _time, NullLogger.Instance);
        var redeliveries = new RedeliveryFeed("shop", _store, _parking.Partitions, _scheduler, _budget, RedeliveryFeed.LongestRun, _time, NullLogger.Instance);
        _pump = new SubscriptionPump(
            "shop", _receiver, _scheduler, new LaneWorkers("shop", _scheduler, 1, others => new LaneWorker(_scheduler, _handler, others), _log), redeliveries, _parking, null, null, null, null, null, _budget, _time, _log);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_ShouldTakeRoomUntilTheMessageIsSettled_WhenItIsHandled()
    {
        await _pump.StartAsync(Cancellation);
        var delivery = new TestDelivery("a", bytes: 5);
        Assert.Equal(10, await _pump.WaitForRoomAsync(Cancellation));

        _pump.Deliver([delivery]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);
        Assert.Equal((1, 9), (_pump.InFlight, await _pump.WaitForRoomAsync(Cancellation)));
        _handler.Open();

        await Eventually.IsTrueAsync(() => delivery.Acknowledged == 1);
        Assert.Equal((0, 0), (_pump.InFlight, delivery.Returned));
        Assert.Same(_pump, _receiver.Sink);
        Assert.Equal(("shop", 0), (_pump.Name, _pump.StoppedKeys));
    }

    [Fact]
    public async Task AssignAsync_ShouldKnowHeldUpKeysAndFeedWhatIsDue_WhenSomeWereParkedBefore()
    {
        await _pump.StartAsync(Cancellation);
        await _store.Store.ParkAsync(_parking, Parked("a", "3"));

        await _pump.AssignAsync([new AssignedPartition("3")], Cancellation);
        Assert.True(_parking.IsHeldUp(new TestDelivery("a", partition: "3")));
        await _store.Store.ParkAsync(_parking, Parked("b", "3"));

        await Eventually.IsTrueAsync(() => _pump.InFlight == 2);
    }

    [Fact]
    public async Task RevokeAsync_ShouldReturnWhatWaitsAndWaitForWhatRuns_WhenPartitionsGo()
    {
        await _pump.StartAsync(Cancellation);
        var deliveries = new[] { new TestDelivery("a", partition: "1"), new TestDelivery("a", partition: "1", bytes: 7), new TestDelivery("b", partition: "2") };
        _pump.Deliver([deliveries[0]]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);
        _pump.Deliver([deliveries[1], deliveries[2]]);

        var revoking = _pump.RevokeAsync([new AssignedPartition("1")], CancellationToken.None).AsTask();
        Assert.False(revoking.IsCompleted);
        Assert.Equal([0, 1, 0], deliveries.Select(delivery => delivery.Returned));
        Assert.Equal(2, _pump.InFlight);
        await Eventually.IsTrueAsync(() => _handler.WasHurried);
        _handler.Open();

        await revoking.WaitAsync(_patience, Cancellation);
        Assert.Equal((1, 0), (deliveries[0].Acknowledged, deliveries[0].Returned));
        await Eventually.IsTrueAsync(() => deliveries[2].Acknowledged == 1);
    }

    [Fact]
    public async Task RevokeAsync_ShouldCancelWhatRuns_WhenTheDeadlineIsOver()
    {
        await _pump.StartAsync(Cancellation);
        var delivery = new TestDelivery("a", partition: "1");
        _pump.Deliver([delivery]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);

        await _pump.RevokeAsync([new AssignedPartition("1")], new CancellationToken(canceled: true)).AsTask().WaitAsync(_patience, Cancellation);

        Assert.Equal((0, 1), (delivery.Acknowledged, delivery.Returned));
        Assert.Equal(0, _pump.InFlight);
    }

    [Fact]
    public async Task RevokeAsync_ShouldKeepThePartitionAndSaySo_WhenAHandlerIgnoresItsCancellation()
    {
        _handler.Listens = false;
        await _pump.StartAsync(Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1")], Cancellation);
        var delivery = new TestDelivery("a", partition: "1");
        _pump.Deliver([delivery]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);
        using var deadline = new CancellationTokenSource();
        var revoking = _pump.RevokeAsync([new AssignedPartition("1")], deadline.Token).AsTask();
        var timers = _time.Timers;

        deadline.Cancel();
        await Eventually.IsTrueAsync(() => _time.Timers > timers);
        Assert.Empty(_log.Of(1223));
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.IsTrueAsync(() => _log.Of(1223) is [var line] && line.Contains("gated", StringComparison.Ordinal));
        Assert.Contains(_pump.CheckHealth(new HealthOptions()), finding => finding.Severity == HealthSeverity.Degraded && finding.Text.Contains("gated", StringComparison.Ordinal));
        Assert.False(revoking.IsCompleted);
        Assert.Equal("1", _parking.Partitions.OwnerOf("1").Partition);

        _handler.Open();
        await revoking.WaitAsync(_patience, Cancellation);
        Assert.Equal(1, delivery.Acknowledged);
        Assert.DoesNotContain(_pump.CheckHealth(new HealthOptions()), finding => finding.Text.Contains("gated", StringComparison.Ordinal));
        Assert.Throws<CarillonException>(() => _parking.Partitions.OwnerOf("1"));
    }

    [Fact]
    public async Task AssignAsync_ShouldKeepThePartition_WhenItIsBackBeforeItsHandlerHasEnded()
    {
        _handler.Listens = false;
        await _pump.StartAsync(Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1", 5)], Cancellation);
        var delivery = new TestDelivery("a", partition: "1");
        _pump.Deliver([delivery]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);
        _pump.Lose([new AssignedPartition("1", 5)]);
        Assert.Throws<CarillonException>(() => _parking.Partitions.OwnerOf("1"));

        await _pump.AssignAsync([new AssignedPartition("1", 6)], Cancellation);
        var again = new TestDelivery("a", partition: "1");
        _pump.Deliver([again]);
        Assert.Equal((0, 0), (again.Acknowledged, again.Returned));
        _handler.Open();

        await Eventually.IsTrueAsync(() => again.Acknowledged == 1);
        Assert.Equal(1, delivery.Acknowledged);
        Assert.Equal("1", _parking.Partitions.OwnerOf("1").Partition);
    }

    [Fact]
    public async Task Lose_ShouldShowTheHandler_WhenItIgnoresThatThePartitionIsLost()
    {
        _handler.Listens = false;
        await _pump.StartAsync(Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1", 5)], Cancellation);
        _pump.Deliver([new TestDelivery("a", partition: "1")]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);
        var timers = _time.Timers;

        _pump.Lose([new AssignedPartition("1", 5)]);
        await Eventually.IsTrueAsync(() => _time.Timers > timers);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.IsTrueAsync(() => _log.Of(1230) is [var line] && line.Contains("gated", StringComparison.Ordinal));
        Assert.Contains(_pump.CheckHealth(new HealthOptions()), finding => finding.Severity == HealthSeverity.Degraded && finding.Text.Contains("has lost", StringComparison.Ordinal));
        _handler.Open();
        await Eventually.IsTrueAsync(() => !_pump.CheckHealth(new HealthOptions()).Any(finding => finding.Text.Contains("has lost", StringComparison.Ordinal)));
    }

    /// <summary>A lease is lost and taken again under a higher fence before the news of the loss has arrived.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RevokeAsync_ShouldTouchNothing_WhenThePartitionWasAssignedAnewMeanwhile(bool isLost)
    {
        await _pump.StartAsync(Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1", 5)], Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1", 6)], Cancellation);
        await _store.Store.ParkAsync(_parking, Parked("b", "1"));
        var deliveries = new[] { new TestDelivery("a", partition: "1"), new TestDelivery("a", partition: "1") };
        _pump.Deliver(deliveries);
        await _handler.Entered.WaitAsync(_patience, Cancellation);

        if (isLost)
            _pump.Lose([new AssignedPartition("1", 5)]);
        else
            await _pump.RevokeAsync([new AssignedPartition("1", 5)], new CancellationToken(canceled: true)).AsTask().WaitAsync(_patience, Cancellation);

        Assert.Equal("1", _parking.Partitions.OwnerOf("1").Partition);
        await Eventually.IsTrueAsync(() => _pump.InFlight == 3);
        _handler.Open();
        await Eventually.IsTrueAsync(() => deliveries.All(delivery => delivery.Acknowledged == 1));
        Assert.All(deliveries, delivery => Assert.Equal(0, delivery.Returned));
    }

    /// <summary>Whoever takes a partition on by another right has lost it in between, whether or not it was told so.</summary>
    [Fact]
    public async Task AssignAsync_ShouldEndTheAssignmentBefore_WhenTheFenceIsAnother()
    {
        await _pump.StartAsync(Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1", 5), new AssignedPartition("2", 5)], Cancellation);
        var deliveries = new[] { new TestDelivery("a", partition: "1"), new TestDelivery("a", partition: "1"), new TestDelivery("b", partition: "2") };
        _pump.Deliver([deliveries[0]]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);
        _pump.Deliver([deliveries[1], deliveries[2]]);

        await _pump.AssignAsync([new AssignedPartition("1", 6)], Cancellation);

        Assert.Equal(1, deliveries[1].Returned);
        await Eventually.IsTrueAsync(() => deliveries[0].Returned == 1);
        Assert.Equal(0, deliveries[2].Returned);
    }

    [Fact]
    public async Task RevokeAsync_ShouldWaitForAll_WhenItIsRepeatedForTheSameAssignment()
    {
        _handler.Listens = false;
        await _pump.StartAsync(Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1", 5)], Cancellation);
        _pump.Deliver([new TestDelivery("a", partition: "1")]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);
        Task[] revoking = [.. Enumerable.Range(0, 2).Select(_ => _pump.RevokeAsync([new AssignedPartition("1", 5)], CancellationToken.None).AsTask())];
        Assert.DoesNotContain(revoking, task => task.IsCompleted);

        _handler.Open();

        await Task.WhenAll(revoking).WaitAsync(_patience, Cancellation);
        Assert.Throws<CarillonException>(() => _parking.Partitions.OwnerOf("1"));
    }

    [Fact]
    public async Task StopAsync_ShouldAbandonThePartition_WhenAHandlerIgnoresItsCancellation()
    {
        _handler.Listens = false;
        await _pump.StartAsync(Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1", 5), new AssignedPartition("2", 6)], Cancellation);
        _pump.Deliver([new TestDelivery("a", partition: "1")]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);

        var stopping = _pump.StopAsync(new CancellationToken(canceled: true)).AsTask();
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return stopping.IsCompleted;
        });

        await stopping;
        Assert.Equal(["start", "stop", "abandon", "dispose"], _receiver.Calls);
        Assert.Equal([new AssignedPartition("1", 5)], _receiver.Abandoned);
        Assert.False(_receiver.Handled.IsCompleted);
        _handler.Open();
        await _receiver.Handled.WaitAsync(_patience, Cancellation);
    }

    [Fact]
    public async Task DisposeAsync_ShouldTakeNothingMore_WhenItWasNotStoppedBefore()
    {
        await _pump.StartAsync(Cancellation);
        Assert.Contains("up to 1 handlers", Assert.Single(_log.Of(1203)), StringComparison.Ordinal);

        await _pump.DisposeAsync();

        var late = new TestDelivery("a");
        _pump.Deliver([late]);
        Assert.Equal((1, 0), (late.Returned, late.Acknowledged));
        Assert.Equal(["start", "dispose"], _receiver.Calls);
    }

    [Fact]
    public async Task RevokeAsync_ShouldFeedNothingMore_WhenParkedMessagesAreReturned()
    {
        await _pump.StartAsync(Cancellation);
        await _store.Store.ParkAsync(_parking, Parked("a", "1"));
        await _pump.AssignAsync([new AssignedPartition("1")], Cancellation);
        await _store.Store.ParkAsync(_parking, Parked("b", "1"));
        await Eventually.IsTrueAsync(() => _pump.InFlight == 2);

        await _pump.RevokeAsync([new AssignedPartition("1")], new CancellationToken(canceled: true)).AsTask().WaitAsync(_patience, Cancellation);

        Assert.Equal(0, _pump.InFlight);
        Assert.Throws<CarillonException>(() => _parking.Partitions.OwnerOf("1"));
        var next = await _store.TakeOverAsync("shop", [new AssignedPartition("1")], Cancellation);
        Assert.Equal(2, (await _store.ClaimAsync(new ParkingClaim(next, 10, 10), Cancellation)).Count);
    }

    [Fact]
    public async Task StopAsync_ShouldReceiveNothingMoreAndReturnWhatWaits_WhenTheHostStops()
    {
        await _pump.StartAsync(Cancellation);
        var deliveries = new[] { new TestDelivery("a"), new TestDelivery("b") };
        _pump.Deliver([deliveries[0]]);
        await _handler.Entered.WaitAsync(_patience, Cancellation);
        _pump.Deliver([deliveries[1]]);

        var stopping = _pump.StopAsync(CancellationToken.None).AsTask();
        await Eventually.IsTrueAsync(() => deliveries[1].Returned == 1);
        Assert.Equal(["start", "stop"], _receiver.Calls);
        _handler.Open();
        await stopping.WaitAsync(_patience, Cancellation);

        Assert.Equal(["start", "stop", "dispose"], _receiver.Calls);
        Assert.Equal((1, 0), (deliveries[0].Acknowledged, deliveries[0].Returned));
        var late = new TestDelivery("c");
        _pump.Deliver([late]);
        Assert.Equal(1, late.Returned);
    }

    public async ValueTask DisposeAsync()
    {
        _handler.Open();
        await _pump.DisposeAsync();
        _log.Dispose();
    }

    private ParkedMessage Parked(string key, string partition) => new()
    {
        Subscription = "shop",
        Envelope = new Envelope { Id = EventId.Parse($"id-{key}"), Key = key },
        Partition = partition,
        Position = 1,
        State = ParkedState.Scheduled,
        ParkedAt = _time.GetUtcNow(),
    };
}
