using Carillon.Conformance.Waiting;
using Carillon.InMemory;
using Carillon.Parking;
using Carillon.Tests.Hosting;
using Carillon.Transports;

namespace Carillon.Tests.Parking;

/// <summary>How the number of keys that stand still is known: by one cheap question now and then.</summary>
public sealed class StoppedKeysTimesTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly InMemoryParkingStore _store;
    private readonly InterruptibleDeadLetters _letters;
    private readonly StoppedKeys _keys;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public StoppedKeysTimesTests()
    {
        _store = new InMemoryParkingStore(_time);
        _letters = new InterruptibleDeadLetters(_store);
        _keys = StoppedKeys.For("shop", new SubscriptionOptions { DeadLetters = DeadLetterPolicy.StopKey }, _letters, _time, _log)!;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DeadLetterPolicy.ParkKey)]
    [InlineData(DeadLetterPolicy.Skip)]
    public void For_ShouldBeNothing_WhenThePolicyIsAnother(DeadLetterPolicy policy) =>
        Assert.Null(StoppedKeys.For("shop", new SubscriptionOptions { DeadLetters = policy }, _letters, _time, _log));

    [Fact]
    public async Task RunAsync_ShouldCountAtStartAndEveryFiveSeconds_WhenNothingChangesHere()
    {
        await StopKeysAsync("a", "b");
        await StartAsync();
        Assert.Equal(2, _keys.Count);

        await StopKeysAsync("c");
        _time.Advance(TimeSpan.FromSeconds(4.999));
        Assert.Equal(["count"], _letters.Calls);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        await Eventually.IsTrueAsync(() => _keys.Count == 3);
        Assert.Equal(["count", "count"], _letters.Calls);
    }

    [Fact]
    public async Task RunAsync_ShouldCountAtOnceAndSayThatAllGoOn_WhenTheLastKeyGoesOn()
    {
        await StopKeysAsync("a");
        await StartAsync();
        await _store.DiscardAsync(1, Cancellation);

        _keys.Change();

        await Eventually.IsTrueAsync(() => _log.Of(1305).Count == 1);
        Assert.Equal(0, _keys.Count);
    }

    [Fact]
    public async Task RunAsync_ShouldKeepWhatItKnowsAndAskAgain_WhenTheStoreFails()
    {
        await StopKeysAsync("a");
        await StartAsync();
        var failures = 1;
        _letters.Before = _ =>
        {
            if (Interlocked.Decrement(ref failures) >= 0)
                throw new IOException("the store is away");
        };

        _keys.Change();
        await Eventually.IsTrueAsync(() => _log.Of(1306).Count == 1);
        Assert.Equal(1, _keys.Count);
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _letters.Calls.Count >= 3;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Eventually.IsTrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return _running.IsCompleted;
        });
        _keys.Dispose();
        _stopping.Dispose();
        _log.Dispose();
    }

    private async Task StartAsync()
    {
        _running = _keys.RunAsync(_stopping.Token);
        await Eventually.IsTrueAsync(() => _letters.Calls.Count == 1 && _keys.Count > 0);
    }

    private async Task StopKeysAsync(params string[] keys)
    {
        var owner = Assert.Single(await _store.TakeOverAsync("shop", [new AssignedPartition("0")], Cancellation));
        await _store.ParkAsync(owner, [.. keys.Select(key => new ParkedMessage
        {
            Subscription = "shop",
            Envelope = new Envelope { Id = EventId.Parse($"id-{key}"), Key = key },
            Partition = "0",
            Position = 1,
            State = ParkedState.Stopped,
            ParkedAt = _time.GetUtcNow(),
            Code = ErrorCodes.KeyStopped,
            Delay = TimeSpan.FromMinutes(1),
        })], Cancellation);
    }
}
