using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Tests.Hosting;
using Carillon.Tests.Subscribing;
using Carillon.Transports;

namespace Carillon.Tests.Parking;

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
        _parking = TestParking.Open("shop", _store, _options, _time, _log);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsHeldUp_ShouldBeSoForLaterMessagesOfTheKey_WhenOneIsParked()
    {
        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);

        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
        Assert.False(_parking.IsHeldUp(new TestDelivery("b")));
        Assert.False(_parking.IsHeldUp(new TestDelivery(null)));
        Assert.False(_parking.IsHeldUp(TestParking.Deliver(_store.Written[^1])));
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
    public async Task AssignAsync_ShouldLearnTheKeysOfThosePartitions_WhenTheyWereParkedBefore()
    {
        await _store.ParkAsync(_parking, [.. Enumerable.Range(0, 2_500).Select(number => Parked($"k{number}", "1")), Parked("a", "1"), Parked("a", "1", position: 2), Parked("b", "2"), Parked("c", "3")]);
        var later = TestParking.Make("shop", _store, _options, _time, _log);

        await later.Partitions.AssignAsync([new AssignedPartition("1"), new AssignedPartition("2")], Cancellation);

        Assert.True(later.IsHeldUp(new TestDelivery("a", partition: "1")));
        Assert.False(later.IsHeldUp(new TestDelivery("a", partition: "2")));
        Assert.True(later.IsHeldUp(new TestDelivery("b", partition: "2")));
        Assert.False(later.IsHeldUp(new TestDelivery("c", partition: "3")));
        Assert.Equal(2_502, later.Partitions.HeldUp.Count);
        later.Partitions.Forget([new AssignedPartition("1")]);
        Assert.Equal(1, later.Partitions.HeldUp.Count);
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
    public async Task ParkBehindAsync_ShouldKeepTheMessage_WhenItsKeyWaits()
    {
        await _parking.BuryAsync(new TestDelivery("a", partition: "7"), "C", "why", [], Cancellation);

        var heldUp = await _parking.ParkBehindAsync([new TestDelivery("a", partition: "7", bytes: 3), new TestDelivery("b", partition: "7")], Cancellation);

        Assert.Equal(new Dictionary<string, bool> { ["a"] = true, ["b"] = false }, heldUp);
        var parked = _store.Written[^2];
        Assert.Equal((ParkedState.Behind, TimeSpan.Zero, _time.GetUtcNow()), (parked.State, parked.Delay, parked.ParkedAt));
        Assert.Equal(("7", "shop", 3, null), (parked.Partition, parked.Subscription, parked.Envelope.Body.Length, parked.Code));
        Assert.Empty(parked.Attempts);
        Assert.True(_parking.IsHeldUp(new TestDelivery("a", partition: "7")));
    }

    [Fact]
    public async Task ParkBehindAsync_ShouldFreeTheKey_WhenNothingIsLeftOfItInTheStore()
    {
        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);
        await _store.Store.DiscardAsync(1, Cancellation);

        Assert.False((await _parking.ParkBehindAsync([new TestDelivery("a")], Cancellation))["a"]);

        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
    }

    [Fact]
    public async Task Learn_ShouldHoldUpTheKey_WhenASkippedMessageIsReplayed()
    {
        _options.DeadLetters = DeadLetterPolicy.Skip;
        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);
        await _store.Store.ReplayAsync(1, Cancellation);

        _parking.Partitions.Learn(await _store.WaitForReplaysAsync("shop", 0, TimeSpan.Zero, Cancellation));

        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
        Assert.True((await _parking.ParkBehindAsync([new TestDelivery("a")], Cancellation))["a"]);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 10)]
    public async Task SetAsideAsync_ShouldTryAgainLater_WhenRoundsAreLeft(int rounds, int seconds)
    {
        await _parking.SetAsideAsync(await TriedAsync(rounds), Failure(2), Cancellation);

        var parked = _store.Written[^1];
        Assert.Equal((ParkedState.Scheduled, TimeSpan.FromSeconds(seconds), 2, rounds + 1), (parked.State, parked.Delay, parked.Attempts.Count, parked.Rounds));
        Assert.Equal([1301], _log.Ids);
    }

    [Fact]
    public async Task SetAsideAsync_ShouldKeepTheFirstAndTheLatestAttempts_WhenThereWereMany()
    {
        await _parking.SetAsideAsync(new TestDelivery("a"), Failure(500), Cancellation);

        Assert.Equal(Enumerable.Range(1, 4).Concat(Enumerable.Range(489, 12)), _store.Written[^1].Attempts.Select(attempt => attempt.Number));
    }

    [Theory]
    [InlineData(DeadLetterPolicy.ParkKey)]
    [InlineData(DeadLetterPolicy.StopKey)]
    public async Task BuryAsync_ShouldNotHoldUpTheKey_WhenTheMessageHasExpired(DeadLetterPolicy policy)
    {
        _options.DeadLetters = policy;

        await _parking.BuryAsync(new TestDelivery("a"), ErrorCodes.Expired, "too late", [], Cancellation);

        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
        Assert.Equal((ParkedState.Dead, ErrorCodes.Expired), (_store.Written[^1].State, _store.Written[^1].Code));
    }

    [Fact]
    public async Task BuryAsync_ShouldTryAgainAfterTheLongestPause_WhenThePolicyIsToStopTheKey()
    {
        _options.DeadLetters = DeadLetterPolicy.StopKey;

        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);

        var stopped = _store.Written[^1];
        Assert.Equal((ParkedState.Stopped, _options.Retries.MaxDelay, ErrorCodes.KeyStopped, "C: why", true), (stopped.State, stopped.Delay, stopped.Code, stopped.Reason, stopped.BlocksKey));
        Assert.Equal([1304], _log.Ids);
    }

    [Fact]
    public async Task SetAsideAsync_ShouldMakeADeadLetterWithTheLastAttemptAsReason_WhenNoRoundIsLeft()
    {
        await _parking.SetAsideAsync(await TriedAsync(2), Failure(6), Cancellation);

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
        var again = TestParking.Deliver(await ClaimAsync());

        await _parking.BuryAsync(again, "C", "why", Failure(4).Attempts, Cancellation);

        var dead = _store.Written[^1];
        Assert.Equal((began, 4, "why"), (dead.ParkedAt, dead.Attempts.Count, dead.Reason));
        Assert.Equal(["park", "claim", "settle"], _store.Calls);
        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
    }

    [Fact]
    public async Task BuryAsync_ShouldFreeTheKey_WhenAParkedMessageFailsAgainAndThePolicyIsToSkip()
    {
        _options.DeadLetters = DeadLetterPolicy.Skip;
        await _parking.SetAsideAsync(new TestDelivery("a"), Failure(2), Cancellation);
        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
        _time.Advance(TimeSpan.FromSeconds(5));

        await _parking.BuryAsync(TestParking.Deliver(await ClaimAsync()), "C", "why", [], Cancellation);

        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
    }

    [Fact]
    public async Task WriteDownAsync_ShouldTakeOutWhatIsFinishedAndFreeTheKey_WhenItWasParked()
    {
        await _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation);
        await _store.Store.ReplayAsync(1, Cancellation);
        var delivery = TestParking.Deliver(await ClaimAsync());

        SubscriptionParking.Complete(delivery);
        Assert.True(_parking.IsHeldUp(new TestDelivery("a")));
        await _parking.WriteDownAsync(delivery, Cancellation);

        Assert.False(_parking.IsHeldUp(new TestDelivery("a")));
        Assert.Equal(0, _store.Store.Count);
        await _parking.WriteDownAsync(delivery, Cancellation);
        Assert.Single(_store.Calls, call => call == "settle");
    }

    [Fact]
    public async Task SetAsideAsync_ShouldWriteDownWhatWasFinishedBefore_WhenItIsInTheMiddleOfARun()
    {
        await _store.ParkAsync(_parking, [.. Enumerable.Range(1, 3).Select(number => Parked("a", "0", number))]);
        var run = new ParkedRun(static _ => { });
        var deliveries = (await _store.ClaimAsync(_parking, ofKey: 3)).Select(parked => new ParkedDelivery(parked, run)).ToArray();
        SubscriptionParking.Complete(deliveries[0]);

        await _parking.BuryAsync(deliveries[1], "C", "why", [], Cancellation);

        Assert.Equal((true, false), (run.IsBroken, run.HasFinished));
        Assert.Equal(2, _store.Store.Count);
        Assert.Equal(1, Assert.Single(await _store.Store.ListAsync(new DeadLetterQuery(), Cancellation)).Waiting);
    }

    [Fact]
    public void Complete_ShouldDoNothing_WhenTheMessageWasNotParked()
    {
        SubscriptionParking.Complete(new TestDelivery("a"));

        Assert.Empty(_store.Calls);
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
        var parking = _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], Cancellation).AsTask();

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
        var parking = _parking.BuryAsync(new TestDelivery("a"), "C", "why", [], taken.Token).AsTask();
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

    private async Task<ParkedDelivery> TriedAsync(int rounds)
    {
        await _store.Store.ParkAsync(_parking, Parked("a", "0") with { Rounds = rounds });
        return TestParking.Deliver(Assert.Single(await _store.Store.ClaimAsync(_parking)));
    }

    private async Task<ParkedMessage> ClaimAsync() => Assert.Single(await _store.ClaimAsync(_parking));
}
