using Carillon.Conformance.Waiting;
using Carillon.DeadLetters;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Tests.Hosting;

namespace Carillon.Tests.DeadLetters;

/// <summary>When a message that holds up its key is tried again, in virtual time.</summary>
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
        var options = new SubscriptionOptions { DeadLetters = DeadLetterPolicy.StopKey };
        options.Retries.MaxDelay = TimeSpan.FromSeconds(20);
        _keys = StoppedKeys.For("shop", options, _letters, new Backoff(options.Retries, new Random(1)), _time, _log)!;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DeadLetterPolicy.ParkKey)]
    [InlineData(DeadLetterPolicy.Skip)]
    public void For_ShouldBeNothing_WhenThePolicyIsAnother(DeadLetterPolicy policy) => Assert.Null(StoppedKeys.For(
        "shop", new SubscriptionOptions { DeadLetters = policy }, _letters, new Backoff(new RetryOptions(), new Random(1)), _time, _log));

    [Fact]
    public async Task RunAsync_ShouldReplayAfterTheLongestPauseSinceTheLastAttempt_WhenAKeyStandsStill()
    {
        await StopKeyAsync("a", _time.GetUtcNow());
        await StartAsync(standing: 1);

        await AdvanceAsync(seconds: 19.999);
        Assert.DoesNotContain("replay", _letters.Calls);
        Assert.Equal(4, _letters.Calls.Count);
        await AdvanceAsync(seconds: 0.02);

        await Eventually.IsTrueAsync(() => _letters.Calls.Contains("replay"));
        Assert.Equal(1, _keys.Count);
        Assert.Single(await ClaimAsync());
    }

    [Fact]
    public async Task RunAsync_ShouldLookAgainAfterTenMillisecondsAtTheEarliest_WhenTheTimeIsNearlyOver()
    {
        await StopKeyAsync("a", _time.GetUtcNow().AddMilliseconds(-19_999));
        await StartAsync(standing: 1);

        _time.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Equal(["list"], _letters.Calls);
        await AdvanceAsync(seconds: 0.001);

        await Eventually.IsTrueAsync(() => _letters.Calls.Contains("replay"));
    }

    [Fact]
    public async Task RunAsync_ShouldCountFromWhenItWasParked_WhenNothingWasAttempted()
    {
        await StopKeyAsync("a", attempted: null);
        await StartAsync(standing: 1);

        await AdvanceAsync(seconds: 19.9);
        Assert.DoesNotContain("replay", _letters.Calls);
        await AdvanceAsync(seconds: 0.2);

        await Eventually.IsTrueAsync(() => _letters.Calls.Contains("replay"));
    }

    [Fact]
    public async Task RunAsync_ShouldReplayAtOnce_WhenTheClockWasSetBackSince()
    {
        await StopKeyAsync("a", _time.GetUtcNow().AddDays(1));

        await StartAsync(standing: 1);

        await Eventually.IsTrueAsync(() => _letters.Calls.Contains("replay"));
    }

    [Fact]
    public async Task Count_ShouldBeThatOfAllPages_WhenMoreThanAHundredKeysStandStill()
    {
        for (var number = 0; number < 250; number++)
            await StopKeyAsync($"k{number}", _time.GetUtcNow());
        await ParkDeadAsync("other", _time.GetUtcNow(), ErrorCodes.HandlerFailed, "shop");
        await ParkDeadAsync("foreign", _time.GetUtcNow(), ErrorCodes.KeyStopped, "stock");

        await StartAsync(standing: 250);

        Assert.Equal(["list", "list", "list"], _letters.Calls);
    }

    [Fact]
    public async Task Count_ShouldGoDown_WhenAMessageIsHandledOrDiscarded()
    {
        await StopKeyAsync("a", _time.GetUtcNow());
        await StopKeyAsync("b", _time.GetUtcNow());
        await StartAsync(standing: 2);
        var letters = await _store.ListAsync(new DeadLetterQuery(), Cancellation);

        _keys.Forget(letters[0].Id);
        Assert.Equal(1, _keys.Count);
        await _store.DiscardAsync(letters[0].Id, Cancellation);
        await AdvanceAsync(seconds: 5);
        Assert.Empty(_log.Of(1305));
        await _store.DiscardAsync(letters[1].Id, Cancellation);
        await AdvanceAsync(seconds: 5);
        await Eventually.IsTrueAsync(() => _keys.Count == 0);
        await AdvanceAsync(seconds: 5);

        Assert.Equal(["All keys of shop that stood still go on"], _log.Of(1305));
    }

    [Fact]
    public async Task Count_ShouldForgetAReplayedMessage_WhenNothingIsHeardOfItForAMinute()
    {
        await StopKeyAsync("a", _time.GetUtcNow().AddSeconds(-30));
        await StartAsync(standing: 1);
        await Eventually.IsTrueAsync(() => _letters.Calls.Contains("replay"));

        await AdvanceAsync(seconds: 59);
        Assert.Equal(1, _keys.Count);
        await AdvanceAsync(seconds: 11);

        await Eventually.IsTrueAsync(() => _keys.Count == 0);
    }

    [Fact]
    public async Task RunAsync_ShouldGoOn_WhenAnotherInstanceWasFirstToReplay()
    {
        await StopKeyAsync("a", _time.GetUtcNow().AddSeconds(-30));
        await StopKeyAsync("b", _time.GetUtcNow());
        _letters.Before = call =>
        {
            if (call == "replay")
                throw new CarillonException(ErrorCodes.DeadLetterNotFound, "somebody was first");
        };

        await StartAsync(standing: 1);

        Assert.Equal(["list", "replay"], _letters.Calls);
        Assert.Empty(_log.Ids);
    }

    [Fact]
    public async Task RunAsync_ShouldLookAgainAfterFiveSeconds_WhenTheStoreFails()
    {
        var failures = 1;
        _letters.Before = _ =>
        {
            if (Interlocked.Decrement(ref failures) >= 0)
                throw new IOException("the store is away");
        };
        await StopKeyAsync("a", _time.GetUtcNow());
        _running = _keys.RunAsync(_stopping.Token);
        await Eventually.IsTrueAsync(() => _time.Timers == 1);
        Assert.Equal(0, _keys.Count);
        Assert.Single(_log.Of(1306));

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Single(_letters.Calls);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        await Eventually.IsTrueAsync(() => _keys.Count == 1);
    }

    [Fact]
    public async Task RunAsync_ShouldLookAtOnce_WhenAKeyWasStoppedInThisProcess()
    {
        await StartAsync(standing: 0);
        await StopKeyAsync("a", _time.GetUtcNow());

        _keys.Changed.Set();

        await Eventually.IsTrueAsync(() => _keys.Count == 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _keys.Dispose();
        _log.Dispose();
        _stopping.Dispose();
    }

    private async Task StartAsync(int standing)
    {
        _running = _keys.RunAsync(_stopping.Token);
        await Eventually.IsTrueAsync(() => _keys.Count == standing && _time.Timers == 1);
    }

    /// <summary>Moves the clock, and waits until what had to look at it by then has looked.</summary>
    private async Task AdvanceAsync(double seconds)
    {
        var end = _time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        while (end - _time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            var step = left < TimeSpan.FromSeconds(5) ? left : TimeSpan.FromSeconds(5);
            _time.Advance(step);
            await Eventually.IsTrueAsync(() => _time.Timers == 1);
        }
    }

    private Task StopKeyAsync(string key, DateTimeOffset? attempted) => ParkDeadAsync(key, attempted, ErrorCodes.KeyStopped, "shop");

    private Task ParkDeadAsync(string key, DateTimeOffset? attempted, string code, string subscription) => _store.ParkAsync(
        [
            new ParkedMessage
            {
                Subscription = subscription,
                Envelope = new Envelope { Id = EventId.Parse($"id-{key}"), Key = key },
                Partition = "0",
                Position = 1,
                State = ParkedState.Dead,
                ParkedAt = _time.GetUtcNow(),
                Code = code,
                Attempts = attempted is { } at ? [new FailedAttempt(1, at, null, "E", "m", null)] : [],
            },
        ],
        Cancellation).AsTask();

    private ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync() => _store.ClaimAsync(new ParkingClaim("shop", ["0"], "test", TimeSpan.FromMinutes(1), 10), Cancellation);
}
