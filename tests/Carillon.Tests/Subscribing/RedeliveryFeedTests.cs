using Carillon.Conformance.Waiting;
using Carillon.DeadLetters;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Subscribing;
using Carillon.Tests.DeadLetters;
using Carillon.Tests.Hosting;
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
        _parking = new SubscriptionParking("shop", _store, options, null, new Backoff(options.Retries, new Random(1)), _time, NullLogger.Instance);
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
    public async Task RunAsync_ShouldFeedAMessageOnce_WhenItsLeaseEndsWhileItIsHandled()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync(("a", "1"));
        var taken = await TakeAsync(budget, 1);

        _time.Advance(TimeSpan.FromSeconds(31));
        await ParkAsync(("b", "1"));
        Assert.Equal(["b"], await KeysAsync(budget, 2));

        await _store.CompleteAsync([taken.Single().Parked.Id], Cancellation);
        budget.Settle(taken.Single(), isFinished: true);
        Assert.Equal(1, budget.Count);
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
        Assert.InRange(_store.Calls.Count(call => call == "claim"), 4, 8);
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
    public async Task RunAsync_ShouldHaveTheKeyCountedAnew_WhenSomebodyHasFreedIt()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        var feed = Start(budget);
        await _parking.BuryAsync(new TestDelivery("freed", partition: "1"), "C", "why", [], Cancellation);
        await _parking.BuryAsync(new TestDelivery("kept", partition: "1"), "C", "why", [], Cancellation);
        await _parking.BuryAsync(new TestDelivery("elsewhere", partition: "2"), "C", "why", [], Cancellation);
        feed.Assign(["1"]);

        var letters = await _store.Store.ListAsync(new DeadLetterQuery(), Cancellation);
        foreach (var letter in letters.Where(letter => letter.Envelope.Key != "kept"))
            await _store.Store.DiscardAsync(letter.Id, Cancellation);

        var counted = new List<Delivery>();
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            counted.AddRange(TakeWaiting());
            return counted.Count > 0;
        });
        Assert.All(counted, recount => Assert.Equal(("freed", "1"), (Assert.IsType<RecountDelivery>(recount).Envelope.Key, recount.Partition)));
        Assert.InRange(budget.Count, counted.Count, int.MaxValue);
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
        await Eventually.IsTrueAsync(() => Volatile.Read(ref failures) == 0 && _time.Timers == 1);
        Assert.Equal(0, budget.Count);

        Assert.Equal([1205], _log.Ids);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(1, _time.Timers);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["a"], await KeysAsync(budget, 1));
    }

    [Fact]
    public async Task GiveBackAsync_ShouldLetOthersHaveTheMessagesAtOnce_WhenTheyWereReturned()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        var feed = Start(budget);
        feed.Assign(["1"]);
        await ParkAsync(("a", "1"), ("b", "1"));
        var taken = await TakeAsync(budget, 2);
        await StopAsync();
        budget.Settle(taken[0], isFinished: false);
        await _store.CompleteAsync([taken[1].Parked.Id], Cancellation);
        budget.Settle(taken[1], isFinished: true);
        Assert.Empty(await ClaimAsync());

        await feed.GiveBackAsync(Cancellation);
        await feed.GiveBackAsync(Cancellation);

        Assert.Equal(["a"], (await ClaimAsync()).Select(message => message.Envelope.Key));
        Assert.Single(_store.Calls, call => call == "update");
    }

    [Fact]
    public async Task GiveBackAsync_ShouldNotFail_WhenTheStoreDoes()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        var feed = Start(budget);
        feed.Assign(["1"]);
        await ParkAsync(("a", "1"));
        var taken = await TakeAsync(budget, 1);
        budget.Settle(taken[0], isFinished: false);
        _store.Before = _ => throw new IOException("the store is away");

        await feed.GiveBackAsync(Cancellation);

        Assert.Contains("update", _store.Calls);
        Assert.Contains(1205, _log.Ids);
    }

    [Fact]
    public async Task RunAsync_ShouldNotCountKeys_WhenNoneIsHeldUp()
    {
        var budget = new DeliveryBudget(1_000, 1 << 20);
        Start(budget).Assign(["1"]);
        await ParkAsync(("a", "1"));

        await KeysAsync(budget, 1);

        Assert.DoesNotContain("count", _store.Calls);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        _log.Dispose();
    }

    private RedeliveryFeed Start(DeliveryBudget budget)
    {
        var feed = new RedeliveryFeed("shop", "one", _store, _parking, _scheduler, budget, _time, _log);
        _running = feed.RunAsync(_stopping.Token);
        return feed;
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        for (var seconds = 0; !_running.IsCompleted;)
        {
            // A feed that pauses after a failure ends its pause first. Claims must not run out meanwhile.
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

    private Task ParkAsync(TimeSpan dueIn, params (string Key, string Partition)[] messages) => _store.Store.ParkAsync(
        [
            .. messages.Select((message, index) => new ParkedMessage
            {
                Subscription = "shop",
                Envelope = new Envelope { Id = EventId.Parse($"id-{message.Key}"), Key = message.Key },
                Partition = message.Partition,
                Position = index + 1,
                State = ParkedState.Scheduled,
                Due = _time.GetUtcNow() + dueIn,
                ParkedAt = _time.GetUtcNow(),
            }),
        ],
        Cancellation).AsTask();

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
        var taken = new List<ParkedDelivery>();
        await Eventually.IsTrueAsync(() =>
        {
            taken.AddRange(TakeWaiting().Cast<ParkedDelivery>());
            return taken.Count > 0;
        });
        return taken;
    }

    /// <summary>Takes what waits out of the lanes. They are closed by that, so that nobody counts as busy with them.</summary>
    private List<Delivery> TakeWaiting() => _scheduler.Revoke(static _ => true).Taken;

    private async Task FinishAsync(DeliveryBudget budget, IReadOnlyList<ParkedDelivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            await _store.CompleteAsync([delivery.Parked.Id], Cancellation);
            budget.Settle(delivery, isFinished: true);
        }
    }

    private ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync() => _store.ClaimAsync(new ParkingClaim("shop", ["1"], "two", TimeSpan.FromMinutes(1), 10), Cancellation);
}
