using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;
using Carillon.Tests.Parking;
using Carillon.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Tests.Subscribing;

/// <summary>What is parked and due comes back into its lane, once, as far as there is room, and only to who owns its partition.</summary>
public sealed class RedeliveryFeedTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly InterruptibleStore _store;
    private readonly SubscriptionParking _parking;
    private readonly LaneScheduler _scheduler = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public RedeliveryFeedTests()
    {
        _store = new InterruptibleStore(_time);
        var options = new SubscriptionOptions();
        _parking = TestParking.Open("shop", _store, options, _time, NullLogger.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ShouldFeedWhatIsDueOfTheAssignedPartitions_WhenThereAreOthers()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        var feed = Start(budget);
        await ParkAsync(("a", "1"), ("b", "2"), ("c", "3"));
        await ParkAsync(dueIn: TimeSpan.FromMinutes(1), ("d", "1"));

        feed.Assign(["1", "2"]);

        Assert.Equal(["a", "b"], await KeysAsync(budget, 2));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["d"], await KeysAsync(budget, 3));
    }

    [Fact]
    public async Task RunAsync_ShouldFeedNothingMoreOfAPartition_WhenThatIsRevoked()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        var feed = Start(budget);
        feed.Assign(["1", "2"]);
        feed.Revoke(["1"]);

        await ParkAsync(("a", "1"), ("b", "2"));

        Assert.Equal(["b"], await KeysAsync(budget, 1));
        Assert.Equal(1, budget.Count);
    }

    [Fact]
    public async Task RunAsync_ShouldFeedAMessageOnce_WhenThePartitionIsTakenOverWhileItIsHandled()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync(("a", "1"));
        var taken = await TakeAsync(budget, 1);

        await _parking.Partitions.AssignAsync([new AssignedPartition("1")], Cancellation);
        await ParkAsync(("b", "1"));
        Assert.Equal(["b"], await KeysAsync(budget, 2));

        await FinishAsync(budget, taken);
        Assert.Equal(1, budget.Count);
    }

    [Fact]
    public async Task RunAsync_ShouldFeedAMessageOnce_WhenThePartitionIsTakenOverBeforeItIsWrittenDown()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync([.. Enumerable.Range(1, 3).Select(number => Parked("a", "1", number))]);
        var run = await TakeAsync(budget, 3);
        Finish(budget, run[0]);

        await _parking.Partitions.AssignAsync([new AssignedPartition("1")], Cancellation);
        await ParkAsync(("b", "1"));
        Assert.Equal(["b"], await KeysAsync(budget, 3));

        Finish(budget, run[1]);
        Finish(budget, run[2]);
        await _parking.WriteDownAsync(run[2], Cancellation);
        await ParkAsync(("c", "1"));
        Assert.Equal(["c"], await KeysAsync(budget, 2));
    }

    /// <summary>The answer to a claim is on its way while what it names is written down as finished: there is nothing left of that.</summary>
    [Fact]
    public async Task RunAsync_ShouldFeedAMessageOnce_WhenItIsWrittenDownBeforeAnOlderClaimIsAnswered()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync([.. Enumerable.Range(1, 3).Select(number => Parked("a", "1", number))]);
        var run = await TakeAsync(budget, 3);
        var (isClaimed, isWritten) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.AfterClaim = claimed =>
        {
            if (claimed.All(message => message.Envelope.Key != "a"))
                return Task.CompletedTask;
            isClaimed.TrySetResult();
            return isWritten.Task;
        };

        await _parking.Partitions.AssignAsync([new AssignedPartition("1")], Cancellation);
        await ParkAsync(("b", "1"));
        await isClaimed.Task.WaitAsync(Cancellation);
        foreach (var delivery in run)
            Finish(budget, delivery);
        await _parking.WriteDownAsync(run[2], Cancellation);
        isWritten.SetResult();

        Assert.Equal(["b"], await KeysAsync(budget, 1));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(null)]
    public async Task RunAsync_ShouldFeedAMessageOnce_WhenItIsReplayedWhileItIsHandled(string? key)
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync(Parked(key, "1", 1) with { State = ParkedState.Stopped, Code = ErrorCodes.KeyStopped });
        var taken = await TakeAsync(budget, 1);

        await _store.Store.ReplayAsync(taken[0].Parked.Id, Cancellation);
        await ParkAsync(("b", "1"));
        Assert.Equal(["b"], await KeysAsync(budget, 2));

        await FinishAsync(budget, taken);
        await ParkAsync(("c", "1"));
        Assert.Equal(["c"], await KeysAsync(budget, 2));
    }

    [Fact]
    public async Task RunAsync_ShouldFeedARunOnce_WhenALetterBeforeItIsReplayed()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync(Parked("a", "1", 1) with { State = ParkedState.Dead, BlocksKey = false, Code = ErrorCodes.Expired }, Parked("a", "1", 2), Parked("a", "1", 3));
        var run = await TakeAsync(budget, 2);

        await _store.Store.ReplayAsync(1, Cancellation);

        Assert.Equal([1L], (await TakeAsync(budget, 3)).Select(delivery => delivery.Position!.Value));
        Assert.Equal([2L, 3L], run.Select(delivery => delivery.Position!.Value));
    }

    [Fact]
    public async Task RunAsync_ShouldFeedAMessageAgain_WhenItsRunCouldNotBeWrittenDown()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync(("a", "1"));
        var taken = Assert.Single(await TakeAsync(budget, 1));
        Finish(budget, taken);

        await _parking.Partitions.AssignAsync([new AssignedPartition("1")], Cancellation);
        await ParkAsync(("b", "1"));
        Assert.Equal(["b"], await KeysAsync(budget, 1));
        taken.Run.Clear(areWritten: false);

        Assert.Equal(["a"], await KeysAsync(budget, 2));
    }

    [Fact]
    public async Task RunAsync_ShouldFeedRunsBeforeWhatWaits_WhenMessagesOfAKeyAreDue()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        await ParkAsync([.. Enumerable.Range(1, 3).Select(number => Parked("a", "1", number))]);
        _scheduler.Add(new TestDelivery("a", partition: "1"));

        Start(budget).Assign(["1"]);

        await Eventually.IsTrueAsync(() => budget.Count == 3);
        var lane = TakeWaiting();
        Assert.Equal([1, 2, 3], lane.OfType<ParkedDelivery>().Select(delivery => delivery.Position!.Value));
        Assert.IsType<TestDelivery>(lane[^1]);
        Assert.Single(lane.OfType<ParkedDelivery>().Select(delivery => delivery.Run).Distinct());
    }

    [Fact]
    public async Task RunAsync_ShouldHoldUpKeys_WhenSkippedMessagesAreReplayed()
    {
        var budget = new DeliveryBudget(0, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync(Parked("a", "1", 1) with { State = ParkedState.Dead, BlocksKey = false });
        Assert.False(_parking.IsHeldUp(new TestDelivery("a", partition: "1")));

        await _store.Store.ReplayAsync(1, Cancellation);

        await Eventually.IsTrueAsync(() => _parking.IsHeldUp(new TestDelivery("a", partition: "1")));
        Assert.Equal(0, budget.Count);
    }

    [Fact]
    public async Task LearnAsync_ShouldHoldUpKeysBeforeItEnds_WhenSkippedMessagesAreReplayed()
    {
        var feed = new RedeliveryFeed("shop", _store, _parking.Partitions, _scheduler, new DeliveryBudget(1, 1), RedeliveryFeed.LongestRun, _time, _log);
        await ParkAsync(Parked("a", "1", 1) with { State = ParkedState.Dead, BlocksKey = false });
        await _store.Store.ReplayAsync(1, Cancellation);

        await feed.LearnAsync(Cancellation);

        Assert.True(_parking.IsHeldUp(new TestDelivery("a", partition: "1")));
    }

    [Fact]
    public async Task RunAsync_ShouldAskTheStoreForNothing_WhenSomethingIsDueAndThereIsNoRoom()
    {
        var budget = new DeliveryBudget(1, 1 << 20);
        budget.Take(0);
        Start(budget).Assign(["1"]);
        await ParkAsync(("a", "1"));

        for (var second = 0; second < 60; second++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_store.Calls);
        budget.Give(0);

        Assert.Equal(["a"], await KeysAsync(budget, 1));
    }

    [Fact]
    public async Task RunAsync_ShouldFeedEverything_WhenItIsMoreThanOneClaimTakes()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        var feed = Start(budget);
        await ParkAsync([.. Enumerable.Range(0, 350).Select(number => ($"k{number}", "1"))]);

        feed.Assign(["1"]);
        await ParkAsync(("last", "1"));

        Assert.Equal(351, (await KeysAsync(budget, 351)).Count);
        Assert.InRange(_store.Calls.Count(call => call == "claim"), 1, 8);
    }

    [Fact]
    public async Task RunAsync_ShouldTakeNoMoreThanThereIsRoomFor_WhenMoreIsDue()
    {
        var budget = new DeliveryBudget(2, 1 << 20);
        var feed = Start(budget);
        await ParkAsync(("a", "1"), ("b", "1"), ("c", "1"));
        feed.Assign(["1"]);
        await ParkAsync(("d", "1"));
        var taken = await TakeAsync(budget, 2);
        Assert.Equal(["a", "b"], taken.Select(delivery => delivery.Envelope.Key).Order(StringComparer.Ordinal));

        await FinishAsync(budget, taken);

        Assert.Equal(["c", "d"], await KeysAsync(budget, 2));
    }

    [Fact]
    [Trait("Guarantee", "G4")]
    public async Task RunAsync_ShouldHoldNoMoreThanFits_WhenLongFailuresComeBackWithTheMessages()
    {
        var (budget, count) = (new DeliveryBudget(1_000, 1 << 20), 12);
        FailedAttempt[] attempts = [.. Enumerable.Range(1, 16).Select(number => new FailedAttempt(number, _time.GetUtcNow(), null, "Error", new string('m', 4_096), new string('s', 12_288)))];
        await ParkAsync([.. Enumerable.Range(0, count).Select(number => Parked($"k{number}", "1", number) with { Attempts = attempts })]);
        Start(budget).Assign(["1"]);

        var most = 0;
        for (var finished = 0; finished < count;)
        {
            var taken = await TakeSomeAsync();
            most = Math.Max(most, budget.Count);
            await FinishAsync(budget, taken);
            finished += taken.Count;
        }

        Assert.InRange(most, 1, 2);
        Assert.Equal(1 << 20, budget.Left.Bytes);
    }

    [Fact]
    public async Task RunAsync_ShouldGoOnAfterASecond_WhenTheStoreFails()
    {
        var failures = 1;
        _store.Before = call =>
        {
            if (call == "claim" && Interlocked.Decrement(ref failures) >= 0)
                throw new IOException("the store is away");
        };
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync(("a", "1"));
        await Eventually.IsTrueAsync(() => _log.Ids.Contains(1205));
        Assert.Equal(0, budget.Count);

        Assert.Equal(["a"], await KeysAsync(budget, 1));
        Assert.Single(_log.Of(1205));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _log.Dispose();
    }

    private RedeliveryFeed Start(DeliveryBudget budget)
    {
        var feed = new RedeliveryFeed("shop", _store, _parking.Partitions, _scheduler, budget, RedeliveryFeed.LongestRun, _time, _log);
        _running = feed.RunAsync(_stopping.Token);
        return feed;
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        for (var seconds = 0; !_running.IsCompleted;)
        {
            // A feed that pauses after a failure ends its pause first.
            if (seconds < 5 && _time.Timers > 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                seconds++;
            }

            await Task.Yield();
        }

        await _running;
    }

    private Task ParkAsync(params (string Key, string Partition)[] messages) => ParkAsync(TimeSpan.Zero, messages);

    private Task ParkAsync(TimeSpan dueIn, params (string Key, string Partition)[] messages) =>
        ParkAsync([.. messages.Select((message, index) => Parked(message.Key, message.Partition, index + 1) with { Delay = dueIn })]);

    private Task ParkAsync(params ParkedMessage[] messages) => _store.Store.ParkAsync(_parking, messages);

    private ParkedMessage Parked(string? key, string partition, long position) => new()
    {
        Subscription = "shop",
        Envelope = new Envelope { Id = EventId.Parse($"id-{key}-{position}"), Key = key },
        Partition = partition,
        Position = position,
        State = ParkedState.Scheduled,
        ParkedAt = _time.GetUtcNow(),
    };

    private async Task<IReadOnlyList<string?>> KeysAsync(DeliveryBudget budget, int held) =>
        [.. (await TakeAsync(budget, held)).Select(delivery => delivery.Envelope.Key).Order(StringComparer.Ordinal)];

    /// <summary>Waits until so many are held, and takes those that wait in lanes. Time goes on meanwhile: the feed looks again after pauses.</summary>
    private async Task<IReadOnlyList<ParkedDelivery>> TakeAsync(DeliveryBudget budget, int held)
    {
        await Eventually.IsTrueAsync(() =>
        {
            if (budget.Count == held)
                return true;
            _time.Advance(TimeSpan.FromMilliseconds(20));
            return false;
        });
        return await TakeSomeAsync();
    }

    /// <summary>Waits until something waits in lanes, and takes it.</summary>
    private async Task<IReadOnlyList<ParkedDelivery>> TakeSomeAsync()
    {
        var taken = new List<ParkedDelivery>();
        await Eventually.IsTrueAsync(() =>
        {
            taken.AddRange(TakeWaiting().Cast<ParkedDelivery>());
            if (taken.Count == 0)
                _time.Advance(TimeSpan.FromMilliseconds(20));
            return taken.Count > 0;
        });
        return taken;
    }

    /// <summary>Takes what waits out of the lanes. They are closed by that, so that nobody counts as busy with them.</summary>
    private List<Delivery> TakeWaiting() => _scheduler.Withdraw(static _ => true).Taken;

    private static void Finish(DeliveryBudget budget, ParkedDelivery delivery)
    {
        SubscriptionParking.Complete(delivery);
        budget.Settle(delivery, isFinished: true);
    }

    private async Task FinishAsync(DeliveryBudget budget, IReadOnlyList<ParkedDelivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            SubscriptionParking.Complete(delivery);
            await _parking.WriteDownAsync(delivery, Cancellation);
            budget.Settle(delivery, isFinished: true);
        }
    }
}
