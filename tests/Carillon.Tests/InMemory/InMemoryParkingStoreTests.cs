using Carillon.Conformance.Waiting;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

public sealed class InMemoryParkingStoreTests
{
    private static readonly CancellationToken _never = CancellationToken.None;
    private static readonly ParkingOwner _owner = new("orders", "0", 1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, Func<InMemoryParkingStore, CancellationToken, Task>> _calls = new()
    {
        ["take over"] = static (store, cancellation) => store.TakeOverAsync("orders", [new AssignedPartition("0")], cancellation).AsTask(),
        ["read"] = static (store, cancellation) => store.ReadHeldUpAsync(_owner, null, 10, cancellation).AsTask(),
        ["park"] = static (store, cancellation) => store.ParkAsync(_owner, [Message(1)], cancellation).AsTask(),
        ["settle"] = static (store, cancellation) => store.SettleAsync(_owner, [1], null, cancellation).AsTask(),
        ["claim"] = static (store, cancellation) => store.ClaimAsync(new ParkingClaim([_owner], 10, 10), cancellation).AsTask(),
        ["wait for work"] = static (store, cancellation) => store.WaitForWorkAsync("orders", ["0"], TimeSpan.Zero, cancellation).AsTask(),
        ["wait for replays"] = static (store, cancellation) => store.WaitForReplaysAsync("orders", 0, TimeSpan.Zero, cancellation).AsTask(),
        ["count"] = static (store, cancellation) => store.CountAsync(new DeadLetterQuery(), cancellation).AsTask(),
        ["list"] = static (store, cancellation) => store.ListAsync(new DeadLetterQuery(), cancellation).AsTask(),
        ["find"] = static (store, cancellation) => store.FindAsync(1, cancellation).AsTask(),
        ["replay"] = static (store, cancellation) => store.ReplayAsync(1, cancellation).AsTask(),
        ["discard"] = static (store, cancellation) => store.DiscardAsync(1, cancellation).AsTask(),
    };

    public static TheoryData<string> Calls => [.. _calls.Keys];

    [Fact]
    public async Task Park_ShouldKeepNothingOfBatch_WhenStoreIsFull()
    {
        var store = await OpenAsync(TimeProvider.System, capacityMessages: 3);
        await store.ParkAsync(_owner, [Message(1), Message(2)], _never);

        var error = await Assert.ThrowsAsync<CarillonException>(async () => await store.ParkAsync(_owner, [Message(3), Message(4)], _never));

        Assert.Equal(ErrorCodes.ParkingFailed, error.Code);
        Assert.Equal(2, store.Count);
        await store.ParkAsync(_owner, [Message(1), Message(2), Message(3)], _never);
        Assert.Equal(3, store.Count);
    }

    [Fact]
    public async Task Park_ShouldFail_WhenBytesAreUsedUp()
    {
        var store = await OpenAsync(TimeProvider.System, capacityBytes: 100_000);
        await store.ParkAsync(_owner, [Message(1, bodyLength: 60_000)], _never);

        var error = await Assert.ThrowsAsync<CarillonException>(async () => await store.ParkAsync(_owner, [Message(2, bodyLength: 60_000)], _never));

        Assert.Equal(ErrorCodes.ParkingFailed, error.Code);
    }

    [Fact]
    public async Task Park_ShouldSucceed_WhenRoomWasMade()
    {
        var store = await OpenAsync(TimeProvider.System, capacityMessages: 1, capacityBytes: 100_000);
        for (var number = 1; number <= 5; number++)
        {
            await store.ParkAsync(_owner, [Message(number, bodyLength: 60_000)], _never);
            var claimed = Assert.Single(await store.ClaimAsync(new ParkingClaim([_owner], 10, 1), _never));
            await store.SettleAsync(_owner, [], claimed with { Attempts = [new FailedAttempt(1, default, null, "Error", new string('m', 4000), null)] }, _never);
            await store.SettleAsync(_owner, [claimed.Id], null, _never);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public async Task Park_ShouldTakeWhatFitsToTheLastByte_WhenSeveralComeTogether(int more, bool fits)
    {
        var store = await OpenAsync(TimeProvider.System, capacityBytes: (3 * EnvelopeSize.Of(Message(1).Envelope)) + more);
        await store.ParkAsync(_owner, [Message(1)], _never);

        var error = await Record.ExceptionAsync(() => store.ParkAsync(_owner, [Message(2), Message(3)], _never).AsTask());

        Assert.Equal(fits, error is null);
        Assert.Equal(fits ? 3 : 1, store.Count);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public async Task Park_ShouldCountWhatAttemptsTake_WhenAMessageHasFailed(int more, bool fits)
    {
        var attempts = (128 + (2 * (5 + 5 + 70))) + (128 + (2 * (5 + 9)));
        var store = await OpenAsync(TimeProvider.System, capacityBytes: (2 * EnvelopeSize.Of(Message(1).Envelope)) + attempts + more);
        await store.ParkAsync(_owner, [Message(1)], _never);
        var claimed = Assert.Single(await store.ClaimAsync(new ParkingClaim([_owner], 10, 1), _never));
        await store.SettleAsync(
            _owner, [], claimed with { Attempts = [new FailedAttempt(1, default, null, "Error", "wrong", new string('s', 70)), new FailedAttempt(2, default, null, "Error", "wrong too", null)] }, _never);

        var error = await Record.ExceptionAsync(() => store.ParkAsync(_owner, [Message(2)], _never).AsTask());

        Assert.Equal(fits, error is null);
    }

    [Fact]
    public async Task Claim_ShouldTakeWhatIsDueForLongestFirst_WhenThereIsMoreThanItMayTake()
    {
        var time = new VirtualTime();
        var store = await OpenAsync(time);
        var days = new[] { 3, 1, 2, 1 };
        await store.ParkAsync(_owner, [.. days.Select((day, index) => Message(index) with { Delay = TimeSpan.FromDays(day) })], _never);
        time.Advance(TimeSpan.FromDays(4));

        var claimed = await store.ClaimAsync(new ParkingClaim([_owner], 3, 1), _never);

        Assert.Equal(["key-1", "key-3", "key-2"], claimed.Select(message => message.Envelope.Key));
    }

    [Fact]
    public async Task WaitForWork_ShouldEndWhenTheFirstBecomesDue_WhenNothingIsDueNow()
    {
        var time = new VirtualTime();
        var store = await OpenAsync(time);
        await store.ParkAsync(_owner, [DueIn(1, seconds: 20), DueIn(2, seconds: 10), DueIn(3, seconds: 30)], _never);
        await store.WaitForWorkAsync("orders", ["0"], TimeSpan.Zero, _never);

        var waiting = store.WaitForWorkAsync("orders", ["0"], TimeSpan.FromMinutes(10), _never).AsTask();
        time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));

        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, time.Timers);
    }

    [Fact]
    public async Task WaitForWork_ShouldEndAfterItsPatience_WhenThereIsNoWork()
    {
        var time = new VirtualTime();
        var store = await OpenAsync(time);
        await store.ParkAsync(_owner, [DueIn(1, seconds: 3600)], _never);

        var waiting = store.WaitForWorkAsync("orders", ["0"], TimeSpan.FromSeconds(1), _never).AsTask();
        time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));

        await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Calls_ShouldDoNothing_WhenTheyAreCancelledBefore(string call)
    {
        var store = await OpenAsync(TimeProvider.System);
        await store.ParkAsync(_owner, [Message(7) with { State = ParkedState.Dead }], _never);

        var error = await Record.ExceptionAsync(async () => await _calls[call](store, new CancellationToken(canceled: true)));

        Assert.IsAssignableFrom<OperationCanceledException>(error);
        Assert.Equal(1, store.Count);
        Assert.Single(await store.ListAsync(new DeadLetterQuery(), _never));
    }

    [Fact]
    public async Task List_ShouldRefuse_WhenThereIsNoQuery() =>
        Assert.Equal("query", (await Assert.ThrowsAsync<ArgumentNullException>(async () => await new InMemoryParkingStore(TimeProvider.System).ListAsync(null!, _never))).ParamName);

    private static async Task<InMemoryParkingStore> OpenAsync(TimeProvider time, int capacityMessages = 10_000, long capacityBytes = 1L << 30)
    {
        var store = new InMemoryParkingStore(time, capacityMessages, capacityBytes);
        Assert.Equal(_owner, Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition("0")], _never)));
        return store;
    }

    private static ParkedMessage DueIn(int number, double seconds) => Message(number) with { Delay = TimeSpan.FromSeconds(seconds) };

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
