using Carillon.Conformance.Waiting;
using Carillon.DeadLetters;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Tests.Hosting;
using Carillon.Tests.Subscribing;
using Carillon.Transports;

namespace Carillon.Tests.DeadLetters;

/// <summary>What a subscription writes down about a message that it sets aside, and which keys wait because of it.</summary>
public sealed class SubscriptionParkingTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly RecordingLog _log = new();
    private readonly InterruptibleStore _store;
    private readonly SubscriptionOptions _options = new();
    private readonly SubscriptionParking _parking;

    public SubscriptionParkingTests()
    {
        _store = new InterruptibleStore(_time);
        _options.Retries.ImmediateAttempts = 2;
        _options.Retries.DelayedAttempts = 2;
        _options.Retries.FirstDelay = TimeSpan.FromSeconds(5);
        _options.Retries.Jitter = 0;
        _parking = new SubscriptionParking("shop", _store, _options, null, new Backoff(_options.Retries, new Random(1)), _time, _log);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsHeldUp_ShouldBeSoForLaterMessagesOfTheKey_WhenOneIsParked()
    {
        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);

        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
        Assert.False(_parking.IsHeldUp(new TestDelivery("b")));
        Assert.False(_parking.IsHeldUp(new TestDelivery(null)));
        Assert.False(_parking.IsHeldUp(new ParkedDelivery(_store.Written[^1], (_, _) => { })));
    }

    [Fact]
    public async Task IsHeldUp_ShouldNotBeSo_WhenThePolicyIsToSkip()
    {
        _options.DeadLetters = DeadLetterPolicy.Skip;

        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);

        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
        Assert.False(_store.Written[^1].BlocksKey);
    }

    [Fact]
    public async Task LoadAsync_ShouldLearnTheKeysOfThosePartitions_WhenTheyWereParkedBefore()
    {
        await _store.ParkAsync([Parked("a", "1"), Parked("a", "1", position: 2), Parked("b", "2"), Parked("c", "3")], Cancellation);

        await _parking.LoadAsync(["1", "2"], Cancellation);

        Assert.True(_parking.IsHeldUp(new TestDelivery("a", "1")));
        Assert.True(_parking.IsHeldUp(new TestDelivery("b", "2")));
        Assert.False(_parking.IsHeldUp(new TestDelivery("b", "1")));
        Assert.False(_parking.IsHeldUp(new TestDelivery("c", "3")));
        Assert.Equal([KeyValuePair.Create("a", 2)], _parking.HeldUp.In("1"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task BuryAsync_ShouldKeepLessOfTheMessage_WhenTheStoreCanNeverHoldItAsItIs(int refusals)
    {
        _store.Before = call => _ = call == "park" && refusals-- > 0 ? throw new CarillonException(ErrorCodes.ContentRefused, "too large for the index") : 0;
        var attempt = new FailedAttempt(1, _time.GetUtcNow(), "Handler", "System.Exception", "what happened", "at once");

        await _parking.BuryAsync(new TestDelivery("a", bytes: 3), "C", "why", [attempt], Cancellation);

        var letter = Assert.Single(await _store.Store.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal(("C", "a", 3), (letter.Code, letter.Envelope.Key, letter.Envelope.Body.Length));
        Assert.Contains("too large for the index", letter.Reason, StringComparison.Ordinal);
        Assert.Equal((1, attempt.At, ""), (letter.Attempts[0].Number, letter.Attempts[0].At, letter.Attempts[0].Message));
        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
    }

    [Fact]
    public async Task BuryAsync_ShouldShowWhatNoStoreCanHold_WhenAnExceptionSaysIt()
    {
        var attempt = new FailedAttempt(1, _time.GetUtcNow(), "Handler", "System.Exception", "before \0 after", "at \ud83d");

        await _parking.BuryAsync(new TestDelivery("a"), "C", "half \udd14 of it", [attempt], Cancellation);

        var parked = _store.Written[^1];
        Assert.Equal("half \ufffd of it", parked.Reason);
        Assert.Equal(("before \u2400 after", "at \ufffd"), (parked.Attempts[0].Message, parked.Attempts[0].StackTrace));
    }

    [Fact]
    public async Task ParkBehindAsync_ShouldKeepTheMessageForAtOnce_WhenItsKeyWaits()
    {
        await _parking.ParkBehindAsync(new TestDelivery("a", partition: "7", bytes: 3), Cancellation);

        var parked = _store.Written[^1];
        Assert.Equal((ParkedState.Scheduled, _time.GetUtcNow(), _time.GetUtcNow()), (parked.State, parked.Due, parked.ParkedAt));
        Assert.Equal(("7", "shop", 3, null), (parked.Partition, parked.Subscription, parked.Envelope.Body.Length, parked.Code));
        Assert.Empty(parked.Attempts);
        Assert.True(_parking.IsHeldUp(new TestDelivery("a", "7")));
        Assert.False(_parking.IsHeldUp(new TestDelivery("a", "8")));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 5)]
    [InlineData(4, 10)]
    [InlineData(5, 10)]
    public async Task SetAsideAsync_ShouldTryAgainLater_WhenRoundsAreLeft(int attempts, int seconds)
    {
        await _parking.SetAsideAsync(new TestDelivery("a"), Failure(attempts), Cancellation);

        var parked = _store.Written[^1];
        Assert.Equal((ParkedState.Scheduled, _time.GetUtcNow().AddSeconds(seconds), attempts), (parked.State, parked.Due, parked.Attempts.Count));
        Assert.Equal([1301], _log.Ids);
    }

    [Fact]
    public async Task SetAsideAsync_ShouldMakeADeadLetterWithTheLastAttemptAsReason_WhenNoRoundIsLeft()
    {
        await _parking.SetAsideAsync(new TestDelivery("a"), Failure(6), Cancellation);

        var dead = _store.Written[^1];
        Assert.Equal(
            (ParkedState.Dead, ErrorCodes.HandlerFailed, "On(Step) threw E: broken leg 6", 6, true), (dead.State, dead.Code, dead.Reason, dead.Attempts.Count, dead.BlocksKey));
        Assert.Equal([1302], _log.Ids);
    }

    [Fact]
    public async Task SetAsideAsync_ShouldBlameNoHandler_WhenNoneHasRun()
    {
        var failure = new HandlingFailure([]);
        failure.Add(new FailedAttempt(1, default, null, "E", "the store is away", null), isPermanent: true);

        await _parking.SetAsideAsync(new TestDelivery("a"), failure, Cancellation);

        Assert.Equal("E: the store is away", _store.Written[^1].Reason);
    }

    [Fact]
    public async Task SetAsideAsync_ShouldMakeADeadLetterAtOnceWithItsOwnReason_WhenTheMessageIsAtFault()
    {
        var failure = Failure(1);
        failure.Reject(ErrorCodes.IdReused, "it was");

        await _parking.SetAsideAsync(new TestDelivery("a"), failure, Cancellation);

        var dead = _store.Written[^1];
        Assert.Equal((ErrorCodes.IdReused, "it was"), (dead.Code, dead.Reason));
    }

    [Fact]
    public async Task BuryAsync_ShouldKeepWhenItWasParkedFirst_WhenAParkedMessageFailsAgain()
    {
        var began = _time.GetUtcNow();
        await _parking.SetAsideAsync(new TestDelivery("a"), Failure(2), Cancellation);
        _time.Advance(TimeSpan.FromSeconds(5));
        var again = new ParkedDelivery(await ClaimAsync(), (_, _) => { });

        await _parking.BuryAsync(again, "C", "why", Failure(4).Attempts, Cancellation);

        var dead = _store.Written[^1];
        Assert.Equal((began, 4, "why"), (dead.ParkedAt, dead.Attempts.Count, dead.Reason));
        Assert.Equal(["park", "claim", "update"], _store.Calls);
        Assert.Equal([KeyValuePair.Create("a", 1)], _parking.HeldUp.In("0"));
    }

    [Fact]
    public async Task BuryAsync_ShouldFreeTheKey_WhenAParkedMessageFailsAgainAndThePolicyIsToSkip()
    {
        _options.DeadLetters = DeadLetterPolicy.Skip;
        await _parking.SetAsideAsync(new TestDelivery("a"), Failure(2), Cancellation);
        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
        _time.Advance(TimeSpan.FromSeconds(5));

        await _parking.BuryAsync(new ParkedDelivery(await ClaimAsync(), (_, _) => { }), "C", "why", [], Cancellation);

        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
    }

    [Fact]
    public async Task CompleteAsync_ShouldTakeTheMessageOutAndFreeTheKey_WhenItWasParked()
    {
        await _parking.ParkBehindAsync(new TestDelivery("a"), Cancellation);

        await _parking.CompleteAsync(new ParkedDelivery(await ClaimAsync(), (_, _) => { }), Cancellation);

        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
        Assert.Empty(await _store.Store.CountByKeyAsync("shop", "0", Cancellation));
    }

    [Fact]
    public async Task CompleteAsync_ShouldAskTheStoreForNothing_WhenTheMessageWasNotParked()
    {
        await _parking.CompleteAsync(new TestDelivery("a"), Cancellation);

        Assert.Empty(_store.Calls);
    }

    [Fact]
    public async Task RecountAsync_ShouldFollowTheStore_WhenSomebodyElseHasChangedIt()
    {
        await _parking.ParkBehindAsync(new TestDelivery("a"), Cancellation);
        await _store.Store.CompleteAsync([(await ClaimAsync()).Id], Cancellation);

        await _parking.RecountAsync(new RecountDelivery("0", "a"), Cancellation);
        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));

        await _store.ParkAsync([Parked("a", "0"), Parked("a", "0", position: 2)], Cancellation);
        await _parking.RecountAsync(new RecountDelivery("0", "a"), Cancellation);
        Assert.Equal([KeyValuePair.Create("a", 2)], _parking.HeldUp.In("0"));
    }

    [Fact]
    public async Task Parking_ShouldTryAgainAfterGrowingPausesUpToTenSeconds_WhenTheStoreIsAway()
    {
        var isAway = true;
        _store.Before = _ =>
        {
            if (isAway)
                throw new IOException("the store is away");
        };
        var parking = _parking.ParkBehindAsync(new TestDelivery("a"), Cancellation).AsTask();

        var calls = 1;
        foreach (var pause in new[] { 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10, 10, 10, 10 })
        {
            _time.Advance(TimeSpan.FromSeconds(pause) - TimeSpan.FromTicks(1));
            Assert.Equal(calls, _store.Calls.Count);
            _time.Advance(TimeSpan.FromTicks(1));
            await Eventually.IsTrueAsync(() => _store.Calls.Count == calls + 1 && _time.Timers == 1);
            calls++;
        }

        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
        isAway = false;
        _time.Advance(TimeSpan.FromSeconds(10));
        await parking;
        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
        Assert.Equal(2, _log.Of(1303).Count);
        Assert.Single(_log.Of(1320));
    }

    [Fact]
    public async Task Parking_ShouldGiveUp_WhenTheMessageIsTakenAway()
    {
        using var taken = new CancellationTokenSource();
        _store.Before = _ => throw new OperationCanceledException("the driver gave up by itself");
        var parking = _parking.ParkBehindAsync(new TestDelivery("a"), taken.Token).AsTask();
        Assert.False(parking.IsCompleted);

        await taken.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => parking);
        Assert.Single(_store.Calls);
        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
    }

    public void Dispose() => _log.Dispose();

    private static HandlingFailure Failure(int attempts)
    {
        var failure = new HandlingFailure([]);
        for (var number = 1; number <= attempts; number++)
            failure.Add(new FailedAttempt(number, default, "On(Step)", "E", $"broken leg {number}", null), isPermanent: false);
        return failure;
    }

    private static ParkedMessage Parked(string key, string partition, long position = 1) => new()
    {
        Subscription = "shop",
        Envelope = new Envelope { Id = EventId.Parse($"{key}-{position}"), Key = key },
        Partition = partition,
        Position = position,
        State = ParkedState.Scheduled,
        ParkedAt = DateTimeOffset.UnixEpoch,
    };

    private async Task<ParkedMessage> ClaimAsync() => Assert.Single(
        await _store.ClaimAsync(new ParkingClaim("shop", [.. Enumerable.Range(0, 10).Select(Partitions.Name)], "test", TimeSpan.FromMinutes(1), 10), Cancellation));
}
