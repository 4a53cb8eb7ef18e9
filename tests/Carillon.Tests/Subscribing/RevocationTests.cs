using System.Collections.Concurrent;
using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;
using Carillon.Tests.Parking;
using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>Taking partitions away cancels what runs for them, and nothing else, whichever worker runs it.</summary>
public sealed class RevocationTests : IAsyncDisposable
{
    private const int Workers = 4;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly LaneScheduler _scheduler = new();
    private readonly DeliveryBudget _budget = new(100_000, 1 << 20);
    private readonly KeyedLaneHandler _handler;
    private readonly InterruptibleStore _store;
    private readonly SubscriptionParking _parking;
    private readonly SubscriptionPump _pump;

    public RevocationTests()
    {
        _handler = new KeyedLaneHandler(_scheduler, _budget);
        _store = new InterruptibleStore(_time);
        _parking = TestParking.Open("shop", _store, new SubscriptionOptions(), _time, _log);
        var redeliveries = new RedeliveryFeed("shop", _store, _parking.Partitions, _scheduler, _budget, RedeliveryFeed.LongestRun, _time, _log);
        var workers = new LaneWorkers("shop", _scheduler, Workers, others => new LaneWorker(_scheduler, _handler, others), _log);
        _pump = new SubscriptionPump("shop", new TestReceiver(), _scheduler, workers, redeliveries, _parking, null, null, null, null, null, _budget, _time, _log);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RevokeAsync_ShouldCancelNothingOfOtherPartitions_WhenAWorkerHasGoneOnToOneOfThem()
    {
        await _pump.StartAsync(Cancellation);
        _pump.Deliver([new TestDelivery("quick", partition: "1"), new TestDelivery("slow", partition: "1")]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 2);
        using var deadline = new CancellationTokenSource();
        var revoking = _pump.RevokeAsync([new AssignedPartition("1")], deadline.Token).AsTask();
        _handler.Finish("quick");
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 1);
        var others = Enumerable.Range(0, Workers - 1).Select(number => new TestDelivery($"other-{number}", partition: "2")).ToArray();
        _pump.Deliver(others);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == Workers);

        deadline.Cancel();
        await revoking.WaitAsync(_patience, Cancellation);

        Assert.Equal(["slow"], _handler.Cancelled);
        foreach (var other in others)
            _handler.Finish(other.Envelope.Key!);
        await Eventually.IsTrueAsync(() => others.All(other => other.Acknowledged == 1));
        Assert.Equal(["slow"], _handler.Cancelled);
    }

    [Fact]
    public async Task RevokeAsync_ShouldCancelNothingOfOtherPartitions_WhenPartitionsComeAndGoWhileManyRun()
    {
        await _pump.StartAsync(Cancellation);
        _handler.FinishesByItself = true;
        var innocent = Enumerable.Range(0, 4_000).Select(number => new TestDelivery($"innocent-{number}", partition: "2")).ToArray();
        for (var round = 0; round < 200; round++)
        {
            _pump.Deliver([.. Enumerable.Range(0, 20).Select(number => new TestDelivery($"gone-{round}-{number}", partition: "1"))]);
            _pump.Deliver(innocent.AsSpan(round * 20, 20).ToArray());
            await Task.Yield();
            await _pump.RevokeAsync([new AssignedPartition("1")], new CancellationToken(canceled: true)).AsTask().WaitAsync(_patience, Cancellation);
        }

        await Eventually.IsTrueAsync(() => _pump.InFlight == 0);
        Assert.DoesNotContain(_handler.Cancelled, key => key.StartsWith("innocent", StringComparison.Ordinal));
        Assert.All(innocent, delivery => Assert.Equal((1, 0), (delivery.Acknowledged, delivery.Returned)));
    }

    /// <summary>What is late of an earlier assignment has a deadline of its own, which is not that of the next one.</summary>
    [Fact]
    public async Task RevokeAsync_ShouldCancelNothingOfTheNextAssignment_WhenItsDeadlineIsOverThen()
    {
        await _pump.StartAsync(Cancellation);
        _handler.Heedless = "slow";
        await _pump.AssignAsync([new AssignedPartition("1", 5)], Cancellation);
        _pump.Deliver([new TestDelivery("quick", partition: "1"), new TestDelivery("slow", partition: "1")]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 2);
        using var deadline = new CancellationTokenSource();
        var earlier = _pump.RevokeAsync([new AssignedPartition("1", 5)], deadline.Token).AsTask();
        _handler.Finish("quick");
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 1);
        await _pump.AssignAsync([new AssignedPartition("1", 6)], Cancellation);
        var next = new TestDelivery("quick", partition: "1");
        _pump.Deliver([next]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 2);
        var later = _pump.RevokeAsync([new AssignedPartition("1", 6)], CancellationToken.None).AsTask();

        await Eventually.IsTrueAsync(() => _handler.Cancelled.Contains("slow"));
        var timers = _time.Timers;
        deadline.Cancel();
        await Eventually.IsTrueAsync(() => _time.Timers > timers);
        // What is cancelled by mistake is cancelled from the thread pool.
        for (var turn = 0; turn < 100; turn++)
            await Task.Yield();
        _handler.Finish("slow");
        await earlier.WaitAsync(_patience, Cancellation);
        Assert.False(later.IsCompleted);
        _handler.Finish("quick");

        await later.WaitAsync(_patience, Cancellation);
        Assert.Equal(["slow"], _handler.Cancelled);
        Assert.Equal((1, 0), (next.Acknowledged, next.Returned));
    }

    [Fact]
    public async Task RevokeAsync_ShouldCancelEverythingThatIsConcerned_WhenACallbackOfAHandlerThrows()
    {
        await _pump.StartAsync(Cancellation);
        _handler.OnCancelled = static () => throw new InvalidOperationException("not now");
        _pump.Deliver([new TestDelivery("a", partition: "1"), new TestDelivery("b", partition: "1")]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 2);

        await _pump.RevokeAsync([new AssignedPartition("1")], new CancellationToken(canceled: true)).AsTask().WaitAsync(_patience, Cancellation);

        Assert.Equal(["a", "b"], _handler.Cancelled.Order(StringComparer.Ordinal));
        await Eventually.IsTrueAsync(() => _log.Of(1207).Count == 2);
    }

    [Fact]
    public async Task Lose_ShouldCancelTheHandlerAndReturnWhatFollowsOfTheKey_WhenADeliveryIsLostAlone()
    {
        await _pump.StartAsync(Cancellation);
        var (lost, behind, other) = (new TestDelivery("a", partition: "1"), new TestDelivery("a", partition: "1"), new TestDelivery("b", partition: "1"));
        _pump.Deliver([lost, behind, other]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 2);

        _pump.Lose(lost);

        Assert.Equal(1, behind.Returned);
        await Eventually.IsTrueAsync(() => lost.Returned == 1);
        Assert.Equal(["a"], _handler.Cancelled);
        Assert.Equal((0, 1), (lost.Acknowledged, _pump.InFlight));
        var again = new TestDelivery("a", partition: "1");
        _pump.Deliver([again]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 2);
        _handler.Finish("a");
        _handler.Finish("b");
        await Eventually.IsTrueAsync(() => again.Acknowledged + other.Acknowledged == 2);
        Assert.Equal(["a"], _handler.Cancelled);
    }

    [Fact]
    public async Task Lose_ShouldLetTheHandlerBeforeGoOn_WhenTheLostDeliveryWaits()
    {
        await _pump.StartAsync(Cancellation);
        var deliveries = Enumerable.Range(0, 4).Select(_ => new TestDelivery("a", partition: "1")).ToArray();
        _pump.Deliver(deliveries);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 1);

        _pump.Lose(deliveries[2]);

        Assert.Equal([0, 0, 1, 1], deliveries.Select(static delivery => delivery.Returned));
        _handler.Finish("a");
        await Eventually.IsTrueAsync(() => deliveries[0].Acknowledged == 1 && _handler.Running.Count == 1);
        _handler.Finish("a");
        await Eventually.IsTrueAsync(() => deliveries[1].Acknowledged == 1);
        Assert.Empty(_handler.Cancelled);
        await Eventually.IsTrueAsync(() => _pump.InFlight == 0);
    }

    /// <summary>Its message may come again while the handler runs that does not listen: that one comes to its end first.</summary>
    [Fact]
    public async Task Lose_ShouldBeginWithNothingOfTheKey_WhenItsHandlerIgnoresItsToken()
    {
        await _pump.StartAsync(Cancellation);
        _handler.Heedless = "a";
        var (lost, again) = (new TestDelivery("a", partition: "1"), new TestDelivery("a", partition: "1"));
        _pump.Deliver([lost]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 1);

        _pump.Lose(lost);
        await Eventually.IsTrueAsync(() => !_handler.Cancelled.IsEmpty);
        _pump.Deliver([again, new TestDelivery("b", partition: "1")]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 2);
        _handler.Finish("a");
        await Eventually.IsTrueAsync(() => lost.Acknowledged == 1 && _handler.Running.Count == 2);

        Assert.Equal((0, 0), (again.Acknowledged, again.Returned));
    }

    /// <summary>What was set aside is not the transport's: its store gives it to an owner of the partition once, and this instance still is that.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Lose_ShouldHandleWhatWasSetAsideAndIsDue_WhenADeliveryIsLostThatItWaitsBehindOrBefore(int index)
    {
        await _pump.StartAsync(Cancellation);
        await _pump.AssignAsync([new AssignedPartition("1")], Cancellation);
        TestDelivery[] deliveries = [new("a", partition: "1"), new("a", partition: "1")];
        _pump.Deliver(deliveries);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 1);
        await _store.Store.ParkAsync(_parking, Parked("a", "1"));
        await Eventually.IsTrueAsync(() => _pump.InFlight == 3);

        _pump.Lose(deliveries[index]);

        Assert.Equal(1, deliveries[1].Returned);
        if (index == 1)
            _handler.Finish("a");
        await Eventually.IsTrueAsync(() => deliveries[0].Returned + deliveries[0].Acknowledged == 1 && _handler.Running.Count == 1);
        Assert.Equal(1, _pump.InFlight);
        _handler.Finish("a");
        await Eventually.IsTrueAsync(() => _pump.InFlight == 0);
        Assert.Equal(1 - index, _handler.Cancelled.Count);
    }

    [Fact]
    public async Task Lose_ShouldTouchNothing_WhenTheDeliveryIsSettled()
    {
        await _pump.StartAsync(Cancellation);
        var (settled, next) = (new TestDelivery("a", partition: "1"), new TestDelivery("a", partition: "1"));
        _pump.Deliver([settled, next]);
        await Eventually.IsTrueAsync(() => _handler.Running.Count == 1);
        _handler.Finish("a");
        await Eventually.IsTrueAsync(() => settled.Acknowledged == 1 && _pump.InFlight == 1 && _handler.Running.Count == 1);

        _pump.Lose(settled);

        Assert.Empty(_handler.Cancelled);
        Assert.Equal((0, 1), (next.Returned, _pump.InFlight));
    }

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync();
        _log.Dispose();
    }

    /// <summary>Handles each key until the test says that it is finished, or by itself after a moment.</summary>
    private ParkedMessage Parked(string key, string partition) => new()
    {
        Subscription = "shop",
        Envelope = new TestDelivery(key).Envelope,
        Partition = partition,
        Position = 1,
        State = ParkedState.Scheduled,
        ParkedAt = _time.GetUtcNow(),
    };

    private sealed class KeyedLaneHandler(LaneScheduler scheduler, DeliveryBudget budget) : ILaneHandler
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _running = new();

        public string? Current => "keyed";

        public bool FinishesByItself { get; set; }

        /// <summary>The key whose handler goes on when it is cancelled.</summary>
        public string? Heedless { get; set; }

        public Action? OnCancelled { get; set; }

        public ICollection<string> Running => _running.Keys;

        public ConcurrentQueue<string> Cancelled { get; } = new();

        public void Finish(string key) => _running[key].SetResult();

        public async ValueTask HandleAsync(LaneDelivery item, LaneWorker worker)
        {
            var key = item.Delivery.Envelope.Key!;
            var cancellation = worker.Cancellation;
            var isFinished = !item.Lane.IsWithdrawn && await HandleAsync(key, cancellation);
            budget.Settle(item.Delivery, isFinished);
            scheduler.Release(item.Lane);
        }

        private async ValueTask<bool> HandleAsync(string key, CancellationToken cancellation)
        {
            var end = _running[key] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var callback = cancellation.Register(() =>
            {
                Cancelled.Enqueue(key);
                if (key != Heedless)
                    end.TrySetCanceled(cancellation);
                OnCancelled?.Invoke();
            });
            try
            {
                if (FinishesByItself)
                    await Task.Yield();
                else
                    await end.Task;
                return true;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
            finally
            {
                _running.TryRemove(key, out _);
            }
        }
    }
}
