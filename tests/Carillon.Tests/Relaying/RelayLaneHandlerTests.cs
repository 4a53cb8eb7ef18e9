using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Relaying;
using Carillon.Retrying;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;
using Carillon.Tests.Parking;
using Carillon.Tests.Publishing;
using Carillon.Tests.Subscribing;
using Carillon.Transports;

namespace Carillon.Tests.Relaying;

/// <summary>What a relay does with its batch while the transport is away, in virtual time.</summary>
public sealed class RelayLaneHandlerTests : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly TestSender _transport = new();
    private readonly LaneScheduler _scheduler = new();
    private readonly DeliveryBudget _budget = new(100, 1 << 20);
    private readonly InterruptibleStore _store;
    private readonly SubscriptionParking _parking;
    private readonly LaneWorker _worker;
    private readonly RelayLaneHandler _handler;

    public RelayLaneHandlerTests()
    {
        var options = new OutboxOptions { BatchMessages = 3 };
        var subscription = new SubscriptionOptions();
        (subscription.Retries.FirstDelay, subscription.Retries.MaxDelay, subscription.Retries.Jitter) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), 0);
        var backoff = new Backoff(subscription.Retries, new Random(1));
        _store = new InterruptibleStore(_time);
        var parking = _parking = TestParking.Open("shop:outbox", _store, subscription, _time, _log);
        var sender = new RelayBatchSender(_transport, parking, options.BatchBytes, _time);
        _handler = new RelayLaneHandler("shop:outbox", _scheduler, sender, new HeldUpProcessor("shop:outbox", _scheduler, parking, _budget, _time, _log), _budget, options, backoff, _time, _log);
        _worker = new LaneWorker(_scheduler, _handler);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HandleAsync_ShouldSendTheFirstOfManyLanes_WhenSeveralWait()
    {
        var handling = Handle("a", "a", "b", "c", "d");

        await handling.WaitAsync(_patience, Cancellation);

        Assert.Equal([["a", "b", "c"]], _transport.Batches.Select(batch => batch.Select(envelope => envelope.Key).ToArray()));
        Assert.Equal("shop:outbox", _handler.Current);
        Assert.Empty(_log.Ids);
    }

    [Fact]
    public async Task HandleAsync_ShouldSendTheSameAgainAfterGrowingPauses_WhenTheTransportIsAway()
    {
        _transport.Answer = (_, _) => throw new IOException("no route to host");
        var handling = Handle("a", "b");

        var sent = 1;
        foreach (var pause in new[] { 1, 2, 3, 3 })
        {
            Assert.Equal(sent, _transport.Batches.Count);
            _time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromTicks(1));
            Assert.Equal(sent, _transport.Batches.Count);
            _time.Advance(TimeSpan.FromTicks(1));
            sent++;
            await Eventually.IsTrueAsync(() => _transport.Batches.Count == sent && _time.Timers == 1);
        }

        _transport.Answer = (_, _) => default;
        _time.Advance(TimeSpan.FromSeconds(3));
        await handling.WaitAsync(_patience, Cancellation);
        await Handle("c").WaitAsync(_patience, Cancellation);

        Assert.All(_transport.Batches.SkipLast(1), batch => Assert.Equal(["a", "b"], batch.Select(envelope => envelope.Key)));
        Assert.Single(_log.Of(1501));
        Assert.StartsWith("shop:outbox sends again, after 12 s and 5 failures", Assert.Single(_log.Of(1502)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandleAsync_ShouldPauseAsAtFirst_WhenTheTransportIsAwayForAnotherTime()
    {
        _transport.Answer = (_, _) => throw new IOException("no route to host");
        var first = Handle("a");
        _transport.Answer = (_, _) => default;
        _time.Advance(TimeSpan.FromSeconds(1));
        await first.WaitAsync(_patience, Cancellation);

        _transport.Answer = (_, _) => throw new IOException("no route to host");
        var second = Handle("b");
        _transport.Answer = (_, _) => default;
        _time.Advance(TimeSpan.FromSeconds(1));

        await second.WaitAsync(_patience, Cancellation);
        Assert.Equal(["b", "b"], _transport.Keys.Skip(2));
    }

    [Fact]
    public async Task HandleAsync_ShouldReturnWhatIsTakenAwayWithoutWaiting_WhenItPauses()
    {
        _transport.Answer = (_, _) => throw new IOException("no route to host");
        var handling = Handle("a", "b");
        var withdrawn = _scheduler.Withdraw(static lane => lane.Key == "a");
        foreach (var runner in withdrawn.Busy.Select(static lane => lane.Runner!))
            runner.Waiting.Cancel();
        await withdrawn.WaitAsync().WaitAsync(_patience, Cancellation);

        await Eventually.IsTrueAsync(() => _transport.Batches.Count == 2);
        Assert.Equal(["b"], _transport.Batches[1].Select(envelope => envelope.Key));
        Assert.Equal(1, _budget.Count);
        Assert.False(handling.IsCompleted);

        _scheduler.Withdraw(static _ => true);
        _worker.Waiting.Cancel();
        await handling.WaitAsync(_patience, Cancellation);
        Assert.Equal(0, _budget.Count);
    }

    [Fact]
    public async Task HandleAsync_ShouldReturnWhatIsTakenAway_WhenSendingIsCancelled()
    {
        _transport.Answer = async (_, cancellation) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return null;
        };
        var handling = Handle("a");
        _scheduler.Withdraw(static _ => true);

        _worker.TakeCancellation()?.Cancel();

        await handling.WaitAsync(_patience, Cancellation);
        Assert.Equal(0, _budget.Count);
        Assert.Empty(_log.Ids);
    }

    public ValueTask DisposeAsync()
    {
        _log.Dispose();
        return _transport.DisposeAsync();
    }

    /// <summary>The worker has the message, and has not begun yet: it must not miss that it was cancelled, because nobody cancels it again.</summary>
    [Fact]
    public async Task HandleAsync_ShouldSendNothing_WhenItsLaneIsTakenAwayJustBefore()
    {
        var item = Take("a");
        _scheduler.Withdraw(static _ => true);
        _worker.TakeCancellation()?.Cancel();

        await _handler.HandleAsync(item, _worker).AsTask().WaitAsync(_patience, Cancellation);

        Assert.Empty(_transport.Batches);
        Assert.Equal(0, _budget.Count);
        Assert.Equal(1, ((TestDelivery)item.Delivery).Returned);
    }

    [Fact]
    public async Task HandleAsync_ShouldParkRunsInOneWrite_WhenTheKeyIsHeldUp()
    {
        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);

        await Handle("a", "a", "b", "a").WaitAsync(_patience, Cancellation);

        Assert.Equal(["park", "park"], _store.Calls);
        Assert.Equal(4, _store.Written.Count);
        Assert.Empty(_transport.Batches);
        Assert.Equal(1, _budget.Count);
    }

    [Fact]
    public async Task HandleAsync_ShouldSendOneByOne_WhenTheKeyIsFreeByNow()
    {
        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);
        await _store.Store.DiscardAsync(1, Cancellation);

        await Handle("a", "a").WaitAsync(_patience, Cancellation);
        Assert.Empty(_transport.Batches);
        while (_budget.Count > 0)
            await Handle().WaitAsync(_patience, Cancellation);

        Assert.Equal([["a"], ["a"]], _transport.Batches.Select(batch => batch.Select(envelope => envelope.Key).ToArray()));
    }

    [Fact]
    public async Task HandleAsync_ShouldGoOnWithOtherKeys_WhenOneIsRefusedForNow()
    {
        RefuseForNow("a", retryAfter: null);

        await Handle("a", "a", "b").WaitAsync(_patience, Cancellation);
        await Handle("c").WaitAsync(_patience, Cancellation);
        Assert.Equal(["a", "b", "c"], _transport.Keys);
        Assert.Equal(2, _budget.Count);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Handle().WaitAsync(_patience, Cancellation);
        Assert.Equal(["a", "b", "c", "a"], _transport.Keys);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _time.Timers);
        _transport.Answer = (_, _) => default;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Handle().WaitAsync(_patience, Cancellation);
        await Handle().WaitAsync(_patience, Cancellation);

        Assert.Equal(["a", "b", "c", "a", "a", "a"], _transport.Keys);
        Assert.Equal(0, _budget.Count);
        Assert.Empty(_store.Calls);
        Assert.Single(_log.Of(1504));
        Assert.Single(_log.Of(1505));
    }

    [Fact]
    public async Task CheckHealth_ShouldBeDegraded_WhenAKeyIsRefusedForLong()
    {
        RefuseForNow("a", retryAfter: null);
        await Handle("a").WaitAsync(_patience, Cancellation);
        for (var round = 0; round < 20; round++)
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            await Handle().WaitAsync(_patience, Cancellation);
        }

        var finding = Assert.Single(_handler.CheckHealth());

        Assert.Equal(HealthSeverity.Degraded, finding.Severity);
        Assert.Contains("refuses for now", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HandleAsync_ShouldAskAgainWhenItMay_WhenTheTransportSaysWhen()
    {
        RefuseForNow("a", TimeSpan.FromSeconds(2.5));
        await Handle("a").WaitAsync(_patience, Cancellation);

        _time.Advance(TimeSpan.FromSeconds(2.4));
        Assert.Equal(1, _time.Timers);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await Handle().WaitAsync(_patience, Cancellation);

        Assert.Equal(["a", "a"], _transport.Keys);
    }

    [Fact]
    public async Task HandleAsync_ShouldReturnWhatIsRefusedForNowWithoutWaiting_WhenItIsTakenAway()
    {
        RefuseForNow("a", retryAfter: null);
        var item = Take("a");
        await _handler.HandleAsync(item, _worker).AsTask().WaitAsync(_patience, Cancellation);

        var withdrawn = _scheduler.Withdraw(static _ => true);
        _worker.Waiting.Cancel();

        await withdrawn.WaitAsync().WaitAsync(_patience, Cancellation);
        Assert.Equal((0, 1), (_budget.Count, ((TestDelivery)item.Delivery).Returned));
    }

    private void RefuseForNow(string key, TimeSpan? retryAfter)
    {
        var refusal = new PublishFailedException("CRL9003", "not enough replicas") { IsTransient = true, RetryAfter = retryAfter };
        _transport.Answer = (batch, _) => new([.. batch.Index().Where(sent => sent.Item.Key == key).Select(sent => new SendFailure(sent.Index, refusal))]);
    }

    private Task Handle(params string[] keys) => _handler.HandleAsync(Take(keys), _worker).AsTask();

    private LaneDelivery Take(params string[] keys)
    {
        foreach (var key in keys)
        {
            _budget.Take(0);
            _scheduler.Add(new TestDelivery(key));
        }

        Assert.True(_scheduler.TryTake(_worker, out var lane));
        Assert.True(_scheduler.TryTakeFirst(lane!, out var delivery));
        return new LaneDelivery(lane!, delivery);
    }
}
