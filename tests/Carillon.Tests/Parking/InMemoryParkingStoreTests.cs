using Carillon.Conformance.Waiting;
using Carillon.Events;
using Carillon.Parking;

namespace Carillon.Tests.Parking;

public sealed class InMemoryParkingStoreTests
{
    private static readonly CancellationToken _never = CancellationToken.None;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, Func<InMemoryParkingStore, CancellationToken, Task>> _calls = new()
    {
        ["park"] = static (store, cancellation) => store.ParkAsync([Message(1)], cancellation).AsTask(),
        ["count"] = static (store, cancellation) => store.CountByKeyAsync("orders", "0", cancellation).AsTask(),
        ["wait"] = static (store, cancellation) => store.WaitForWorkAsync("orders", TimeSpan.Zero, cancellation).AsTask(),
        ["claim"] = static (store, cancellation) => store.ClaimAsync(new ParkingClaim("orders", ["0"], "one", TimeSpan.FromMinutes(1), 10), cancellation).AsTask(),
        ["update"] = static (store, cancellation) => store.UpdateAsync(Message(1) with { Id = 1 }, cancellation).AsTask(),
        ["complete"] = static (store, cancellation) => store.CompleteAsync([1], cancellation).AsTask(),
        ["list"] = static (store, cancellation) => store.ListAsync(new DeadLetterQuery(), cancellation).AsTask(),
        ["find"] = static (store, cancellation) => store.FindAsync(1, cancellation).AsTask(),
        ["replay"] = static (store, cancellation) => store.ReplayAsync(1, cancellation).AsTask(),
        ["discard"] = static (store, cancellation) => store.DiscardAsync(1, cancellation).AsTask(),
    };

    public static TheoryData<string> Calls => [.. _calls.Keys];

    [Fact]
    public async Task Park_ShouldKeepNothingOfBatch_WhenStoreIsFull()
    {
        var store = new InMemoryParkingStore(TimeProvider.System, capacityMessages: 3);
        await store.ParkAsync([Message(1), Message(2)], _never);

        var error = await Assert.ThrowsAsync<CarillonException>(async () => await store.ParkAsync([Message(3), Message(4)], _never));

        Assert.Equal(ErrorCodes.ParkingFailed, error.Code);
        Assert.Equal(2, (await store.CountByKeyAsync("orders", "0", _never)).Count);
        await store.ParkAsync([Message(1), Message(2), Message(3)], _never);
        Assert.Equal(3, (await store.CountByKeyAsync("orders", "0", _never)).Count);
    }

    [Fact]
    public async Task Park_ShouldFail_WhenBytesAreUsedUp()
    {
        var store = new InMemoryParkingStore(TimeProvider.System, capacityBytes: 100_000);
        await store.ParkAsync([Message(1, bodyLength: 60_000)], _never);

        var error = await Assert.ThrowsAsync<CarillonException>(async () => await store.ParkAsync([Message(2, bodyLength: 60_000)], _never));

        Assert.Equal(ErrorCodes.ParkingFailed, error.Code);
    }

    [Fact]
    public async Task Park_ShouldSucceed_WhenRoomWasMade()
    {
        var store = new InMemoryParkingStore(TimeProvider.System, capacityMessages: 1, capacityBytes: 100_000);
        for (var number = 1; number <= 5; number++)
        {
            await store.ParkAsync([Message(number, bodyLength: 60_000)], _never);
            var claimed = Assert.Single(await store.ClaimAsync(new ParkingClaim("orders", ["0"], "one", TimeSpan.FromMinutes(1), 10), _never));
            await store.UpdateAsync(claimed with { Attempts = [new FailedAttempt(1, default, null, "Error", new string('m', 4000), null)] }, _never);
            await store.CompleteAsync([claimed.Id], _never);
        }
    }

    [Fact]
    public async Task WaitForWork_ShouldPause_WhenWorkBelongsToAnotherInstance()
    {
        var store = new InMemoryParkingStore(TimeProvider.System);
        await store.ParkAsync([Message(1)], _never);
        var began = TimeProvider.System.GetTimestamp();

        for (var round = 0; round < 5; round++)
        {
            await store.WaitForWorkAsync("orders", TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.Empty(await store.ClaimAsync(new ParkingClaim("orders", ["7"], "other", TimeSpan.FromMinutes(1), 10), _never));
        }

        Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMilliseconds(60), "the store announced the same work in a busy loop");
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public async Task Park_ShouldTakeWhatFitsToTheLastByte_WhenSeveralComeTogether(int more, bool fits)
    {
        var store = new InMemoryParkingStore(TimeProvider.System, capacityBytes: (3 * EnvelopeSize.Of(Message(1).Envelope)) + more);
        await store.ParkAsync([Message(1)], _never);

        var error = await Record.ExceptionAsync(() => store.ParkAsync([Message(2), Message(3)], _never).AsTask());

        Assert.Equal(fits, error is null);
        Assert.Equal(fits ? 3 : 1, store.Count);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public async Task Park_ShouldCountWhatAttemptsTake_WhenAMessageHasFailed(int more, bool fits)
    {
        var attempts = (128 + (2 * (5 + 70))) + (128 + (2 * 9));
        var store = new InMemoryParkingStore(TimeProvider.System, capacityBytes: (2 * EnvelopeSize.Of(Message(1).Envelope)) + attempts + more);
        await store.ParkAsync([Message(1)], _never);
        var claimed = Assert.Single(await store.ClaimAsync(new ParkingClaim("orders", ["0"], "one", TimeSpan.FromMinutes(1), 10), _never));
        await store.UpdateAsync(
            claimed with { Attempts = [new FailedAttempt(1, default, null, "Error", "wrong", new string('s', 70)), new FailedAttempt(2, default, null, "Error", "wrong too", null)] }, _never);

        var error = await Record.ExceptionAsync(() => store.ParkAsync([Message(2)], _never).AsTask());

        Assert.Equal(fits, error is null);
    }

    [Fact]
    public async Task Claim_ShouldTakeWhatIsDueForLongestFirst_WhenThereIsMoreThanItMayTake()
    {
        var store = new InMemoryParkingStore(TimeProvider.System);
        var days = new[] { 3, 1, 2, 1 };
        await store.ParkAsync([.. days.Select((day, index) => Message(index) with { Due = DateTimeOffset.UnixEpoch.AddDays(day) })], _never);

        var claimed = await store.ClaimAsync(new ParkingClaim("orders", ["0"], "one", TimeSpan.FromMinutes(1), 3), _never);

        Assert.Equal(["key-1", "key-3", "key-2"], claimed.Select(message => message.Envelope.Key));
    }

    [Fact]
    public async Task WaitForWork_ShouldEndWhenTheFirstBecomesDue_WhenNothingIsDueNow()
    {
        var time = new VirtualTime();
        var store = new InMemoryParkingStore(time);
        await store.ParkAsync([DueIn(time, 1, seconds: 20), DueIn(time, 2, seconds: 10), DueIn(time, 3, seconds: 30)], _never);
        await store.WaitForWorkAsync("orders", TimeSpan.Zero, _never);

        var waiting = store.WaitForWorkAsync("orders", TimeSpan.FromMinutes(10), _never).AsTask();
        time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));

        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public async Task WaitForWork_ShouldAnnounceAtOnce_WhenMoreBecomesDueThanWasAnnounced()
    {
        var time = new VirtualTime();
        var store = new InMemoryParkingStore(time);
        await store.ParkAsync([DueIn(time, 1, seconds: 0), DueIn(time, 2, seconds: 0.005)], _never);
        await store.WaitForWorkAsync("orders", TimeSpan.FromMinutes(10), _never).AsTask().WaitAsync(_patience, TestContext.Current.CancellationToken);

        var waiting = store.WaitForWorkAsync("orders", TimeSpan.FromMinutes(10), _never).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(4));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitForWork_ShouldAnnounceAgainAfterAPause_WhenNobodyTakesIt()
    {
        var time = new VirtualTime();
        var store = new InMemoryParkingStore(time);
        await store.ParkAsync([DueIn(time, 1, seconds: 0), DueIn(time, 2, seconds: 3600)], _never);

        for (var round = 0; round < 3; round++)
        {
            await store.WaitForWorkAsync("orders", TimeSpan.FromMinutes(10), _never).AsTask().WaitAsync(_patience, TestContext.Current.CancellationToken);
            var waiting = store.WaitForWorkAsync("orders", TimeSpan.FromMinutes(10), _never).AsTask();
            time.Advance(TimeSpan.FromMilliseconds(19));
            Assert.False(waiting.IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(1));
            await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
            time.Advance(TimeSpan.FromMilliseconds(20));
        }
    }

    [Fact]
    public async Task WaitForWork_ShouldEndAfterItsPatience_WhenThereIsNoWork()
    {
        var time = new VirtualTime();
        var store = new InMemoryParkingStore(time);
        await store.ParkAsync([DueIn(time, 1, seconds: 3600)], _never);

        var waiting = store.WaitForWorkAsync("orders", TimeSpan.FromSeconds(1), _never).AsTask();
        time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));

        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Calls_ShouldDoNothing_WhenTheyAreCancelledBefore(string call)
    {
        var store = new InMemoryParkingStore(TimeProvider.System);
        await store.ParkAsync([Message(7) with { State = ParkedState.Dead }], _never);

        var error = await Record.ExceptionAsync(async () => await _calls[call](store, new CancellationToken(canceled: true)));

        Assert.IsAssignableFrom<OperationCanceledException>(error);
        Assert.Equal(1, store.Count);
        Assert.Single(await store.ListAsync(new DeadLetterQuery(), _never));
    }

    [Fact]
    public async Task List_ShouldRefuse_WhenThereIsNoQuery() =>
        Assert.Equal("query", (await Assert.ThrowsAsync<ArgumentNullException>(async () => await new InMemoryParkingStore(TimeProvider.System).ListAsync(null!, _never))).ParamName);

    private static ParkedMessage DueIn(VirtualTime time, int number, double seconds) => Message(number) with { Due = time.GetUtcNow().AddSeconds(seconds) };

    private static ParkedMessage Message(int number, int bodyLength = 10) => new()
    {
        Subscription = "orders",
        Envelope = new Envelope { Id = EventId.Parse($"{number}"), Source = "s", Key = $"key-{number}", Body = new byte[bodyLength] },
        Partition = "0",
        Position = number,
        State = ParkedState.Scheduled,
        ParkedAt = DateTimeOffset.UnixEpoch,
    };
}
