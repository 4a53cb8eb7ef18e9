using Carillon.Conformance.Waiting;
using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Routing;
using Carillon.Serialization;
using Carillon.Subscribing;
using Carillon.Tests.Hosting;
using Carillon.Tests.Parking;
using Carillon.Tests.Serialization;
using Carillon.Transports;

namespace Carillon.Tests.Subscribing;

/// <summary>What this instance does not handle, as far as it was set aside before, and another one may.</summary>
public sealed class OtherInstancesTests : IDisposable
{
    private static readonly HandledType _theirs = new("theirs", 1);

    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly TestReceiver _receiver = new();
    private readonly LaneScheduler _scheduler = new();
    private readonly DeliveryBudget _budget = new(10, 1 << 20);
    private readonly LaneWorker _worker;
    private readonly InterruptibleStore _store;
    private readonly SubscriptionParking _parking;
    private readonly OtherInstances _others;

    public OtherInstancesTests()
    {
        _worker = new LaneWorker(_scheduler, new IdleLaneHandler());
        _store = new InterruptibleStore(_time);
        _parking = TestParking.Open("shop", _store, new SubscriptionOptions(), _time, _log, HandledMessages.OfTypes(new HandledType("mine", 1)));
        _others = new OtherInstances("shop", _receiver, _parking.Partitions, _time, _log);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Whatever is done with what nobody handles: a retry that another instance handles is neither finished nor set aside, but returned when its partition goes there.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ProcessAsync_ShouldLeaveARetry_WhenAnotherInstanceHandlesIt(bool ignores)
    {
        _receiver.Others = HandledMessages.OfTypes(_theirs);
        var retry = await RetryAsync(attempts: 1);

        var processing = ProcessAsync(retry, ignores);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(processing.IsCompleted);
        _scheduler.Withdraw(static _ => true);
        _worker.Waiting.Cancel();
        await processing.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.False(retry.Run.HasFinished);
        Assert.DoesNotContain(_store.Written, message => message is { BlocksKey: false } or { State: ParkedState.Dead });
        Assert.All(_receiver.Left, partition => Assert.Equal("0", partition));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ProcessAsync_ShouldSetARetryAside_WhenNobodyHandlesItAnyMore(bool ignores)
    {
        var retry = await RetryAsync(attempts: 1);

        await ProcessAsync(retry, ignores).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Equal((ParkedState.Scheduled, false), (_store.Written[^1].State, _store.Written[^1].BlocksKey));
        Assert.False(retry.Run.HasFinished);
    }

    [Fact]
    public async Task ProcessAsync_ShouldFinishIt_WhenNobodyHasEverHandledItAndSuchAreIgnored()
    {
        var behind = await RetryAsync(attempts: 0);

        await ProcessAsync(behind, ignores: true).WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.True(behind.Run.HasFinished);
    }

    [Fact]
    public async Task ProcessAsync_ShouldWait_WhenNobodyKnowsWhoLives()
    {
        _receiver.Others = null;
        var retry = await RetryAsync(attempts: 1);

        var processing = ProcessAsync(retry, ignores: true);
        for (var second = 0; second < 20; second++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(processing.IsCompleted);
        _receiver.Others = new HandledMessages([]);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return processing.IsCompleted;
        });

        Assert.Equal(ParkedState.Scheduled, _store.Written[^1].State);
        Assert.Contains(1228, _log.Ids);
        Assert.DoesNotContain(1202, _log.Ids);
    }

    /// <summary>It is not to blame when this process dies while it waits, whatever it has done to others.</summary>
    [Fact]
    public async Task ProcessAsync_ShouldBlameNothing_WhenItWaitsForAnotherInstance()
    {
        _receiver.Others = HandledMessages.OfTypes(_theirs);
        var waiting = Theirs("0");
        var deadly = Deadly(new InterruptibleNotes(_store.Store));
        deadly.Assign([new AssignedPartition("0") { IsFromTheDead = true }]);

        var processing = ProcessAsync(waiting, ignores: false, deadly);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(processing.IsCompleted);
        var successor = TestParking.Open("shop", _store, new SubscriptionOptions(), _time, _log).Partitions.OwnerOf("0");

        Assert.Equal(0, await _store.Store.CountAsync(successor, waiting.Envelope, Cancellation));
        Assert.True(deadly.IsSuspect(waiting));
        _scheduler.Withdraw(static _ => true);
        _worker.Waiting.Cancel();
        await processing.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    /// <summary>Nobody handled it, and it waits; the one who comes then gets the partition, whatever else that one does not handle.</summary>
    [Fact]
    public async Task RunAsync_ShouldGiveBackThePartitions_WhenSomebodyComesForWhatWaits()
    {
        await _parking.SetAsideUnhandledAsync(Theirs("1"), "nobody", Cancellation);
        await _parking.SetAsideUnhandledAsync(Theirs("2"), "nobody", Cancellation);
        using var stopping = new CancellationTokenSource();
        var running = _others.RunAsync(stopping.Token);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(_receiver.Left);

        _receiver.Others = HandledMessages.OfTypes(_theirs);
        _receiver.Left.Clear();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["1", "2"], _receiver.Left.Order());
        _parking.Partitions.Forget([new AssignedPartition("1")]);
        _receiver.Left.Clear();
        _time.Advance(TimeSpan.FromSeconds(10));
        stopping.Cancel();
        await running;

        Assert.Equal(["2"], _receiver.Left);
    }

    public void Dispose() => _log.Dispose();

    private static TestDelivery Theirs(string partition) => new("k", partition, type: _theirs.Name);

    private async Task<ParkedDelivery> RetryAsync(int attempts)
    {
        var envelope = Serializers.Envelope("{}"u8.ToArray(), static envelope => envelope with { Type = _theirs.Name, Key = "k" });
        var parked = new ParkedMessage
        {
            Subscription = "shop",
            Envelope = envelope,
            Partition = "0",
            Position = 1,
            ParkedAt = _time.GetUtcNow(),
            State = ParkedState.Scheduled,
            Attempts = [.. Enumerable.Range(1, attempts).Select(number => new FailedAttempt(number, _time.GetUtcNow(), null, "E", "why", null))],
        };
        await _store.ParkAsync(_parking, parked);
        return TestParking.Deliver(Assert.Single(await _store.ClaimAsync(_parking)));
    }

    private DeadlyMessages Deadly(InterruptibleNotes? notes) => new(
        "shop", notes, _parking.Partitions, new ParkingWriter("shop", _parking.Partitions, new RecurringFailure(_time), _time, _log), 3, 10, new LoneTurn(_time), _time, _log);

    private Task ProcessAsync(Delivery delivery, bool ignores, DeadlyMessages? deadly = null)
    {
        var topology = new SubscriptionTopology { Name = "shop", Service = "shop", Topics = [TopicPattern.Parse(">")], Handles = _parking.Partitions.Handles };
        var reader = new MessageReader(new SubscriptionPlan(topology, [], new SubscriptionOptions { UnhandledTypes = ignores ? UnhandledTypes.Ignore : UnhandledTypes.DeadLetter }), new EnvelopeInspector(new EnvelopeLimits(), _time), null!);
        var processor = new DeliveryProcessor(reader, null!, deadly ?? Deadly(notes: null), _parking, _others, _budget, _time, _log);
        _budget.Take(0);
        _scheduler.Add(delivery);
        Assert.True(_scheduler.TryTake(_worker, out var lane));
        Assert.True(_scheduler.TryTakeFirst(lane!, out var taken));
        return processor.ProcessAsync(new LaneDelivery(lane!, taken), _worker, new DeliveryContext("shop", "shop", null!, null!)).AsTask();
    }
}
