using System.Collections.Concurrent;
using Carillon.Conformance.Transports;
using Carillon.Parking;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>Messages of a key are taken in the order of their positions, whatever order they were parked in.</summary>
    [Fact]
    public async Task Claim_ShouldTakeFirstOfKey_WhenSeveralAreDue()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(3, "k"), Parked(1, "k"));
        await ParkAsync(store, Parked(2, "k"), Parked(4, "l"));

        var taken = new List<IReadOnlyList<int>>();
        for (var round = 0; round < 4; round++)
        {
            var claimed = await ClaimAsync(store);
            taken.Add(Numbers(claimed));
            await FinishAsync(store, claimed);
        }

        Assert.Equal([[1, 4], [2], [3], []], taken);
    }

    /// <summary>What comes back with messages counts like their bodies: a claim ends with the message that reaches its limit, and the rest comes later.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(500_000, 3)]
    public async Task Claim_ShouldTakeNoMoreThanItsBytes_WhenFailedAttemptsAreLong(long bytes, int most)
    {
        var (store, _) = await OpenAsync();
        FailedAttempt[] attempts = [.. Enumerable.Range(1, 16).Select(number => new FailedAttempt(number, Past, null, "System.Exception", new string('m', 4_096), new string('s', 4_096)))];
        await ParkAsync(store, [.. Enumerable.Range(1, 8).Select(number => Parked(number, $"k{number}") with { Attempts = attempts })]);

        var taken = new List<ParkedMessage>();
        while (await store.ClaimAsync(new ParkingClaim([await OwnAsync(store)], 100, 10) { LimitBytes = bytes }, Cancellation) is { Count: > 0 } claimed)
        {
            Assert.InRange(claimed.Count, 1, most);
            taken.AddRange(claimed);
        }

        Assert.Equal(Enumerable.Range(1, 8), Numbers(taken));
    }

    /// <summary>A run of one key counts as a whole, with the headers of its messages.</summary>
    [Fact]
    public async Task Claim_ShouldTakeAShorterRun_WhenHeadersAreLong()
    {
        var (store, _) = await OpenAsync();
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["long"] = new string('h', 50_000) };
        await ParkAsync(store, [.. Enumerable.Range(1, 8).Select(number => Parked(number, "k") with { Envelope = SampleMessages.Event("a.b", number, "k") with { Headers = headers } })]);

        var run = await store.ClaimAsync(new ParkingClaim([await OwnAsync(store)], 100, 10) { LimitBytes = 150_000 }, Cancellation);

        Assert.InRange(run.Count, 1, 3);
        Assert.Equal(Enumerable.Range(1, run.Count), InOrder(run));
    }

    /// <summary>With the first message of a key those behind it are taken, in order, as many as were asked for.</summary>
    [Fact]
    public async Task Claim_ShouldTakeRunOfKey_WhenSeveralAreDue()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(3, "k"), Parked(1, "k"), Parked(5, "k"), Parked(2, "k"), Parked(4, "k"));

        var first = await ClaimAsync(store, ofKey: 3);
        var meanwhile = await ClaimAsync(store, ofKey: 3);
        await FinishAsync(store, first);
        var rest = await ClaimAsync(store, ofKey: 3);

        Assert.Equal([1, 2, 3], InOrder(first));
        Assert.Empty(meanwhile);
        Assert.Equal([4, 5], InOrder(rest));
    }

    /// <summary>A run ends before a message that waits for its time or for a person, and passes over one that nothing waits for.</summary>
    [Theory]
    [InlineData(ParkedState.Dead, true, new[] { 1, 2 })]
    [InlineData(ParkedState.Dead, false, new[] { 1, 2, 4 })]
    [InlineData(ParkedState.Scheduled, true, new[] { 1, 2 })]
    [InlineData(ParkedState.Stopped, true, new[] { 1, 2 })]
    public async Task Claim_ShouldEndRun_WhenMessageIsToBeWaitedFor(ParkedState state, bool blocks, int[] expected)
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store,
            Parked(1, "k"), Parked(2, "k"), Parked(3, "k") with { State = state, BlocksKey = blocks, Delay = TimeSpan.FromHours(1), Code = ErrorCodes.HandlerFailed }, Parked(4, "k"));

        Assert.Equal(expected, InOrder(await ClaimAsync(store, ofKey: 10)));
    }

    /// <summary>A run ends with a message that has failed before, so that what becomes of it does not wait for what is behind it.</summary>
    [Fact]
    public async Task Claim_ShouldEndRun_WhenMessageHasFailedBefore()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Dead(2, "k"), Dead(3, "k"), Parked(4, "k"), Parked(5, "k"));
        foreach (var letter in await deadLetters.ListAsync(new DeadLetterQuery { Subscription = "orders" }, Cancellation))
            await deadLetters.ReplayAsync(letter.Id, Cancellation);

        var runs = new List<IReadOnlyList<int>>();
        while (await ClaimAsync(store, ofKey: 10) is { Count: > 0 } claimed)
        {
            runs.Add(InOrder(claimed));
            await FinishAsync(store, claimed);
        }

        Assert.Equal([[1, 2], [3], [4, 5]], runs);
    }

    /// <summary>Every key gets its turn: a long one does not take all the room.</summary>
    [Fact]
    public async Task Claim_ShouldShareLimit_WhenKeysHaveRuns()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, [.. Enumerable.Range(0, 40).Select(number => Parked(number, number % 2 == 0 ? "k" : "l"))]);

        var claimed = await ClaimAsync(store, limit: 10, ofKey: 10);

        Assert.Equal(new Dictionary<string, int> { ["k"] = 5, ["l"] = 5 }, claimed.CountBy(message => message.Envelope.Key!).ToDictionary());
    }

    /// <summary>Messages without a key wait for nothing.</summary>
    [Fact]
    public async Task Claim_ShouldTakeAll_WhenMessagesHaveNoKey()
    {
        var (store, _) = await OpenAsync();

        await ParkAsync(store, Parked(1, null), Parked(2, null), Dead(3, null), Parked(4, null));

        Assert.Equal([1, 2, 4], Numbers(await ClaimAsync(store)));
    }

    /// <summary>No more is taken than was asked for.</summary>
    [Fact]
    public async Task Claim_ShouldTakeLimit_WhenMoreAreDue()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, [.. Enumerable.Range(0, 10).Select(number => Parked(number, $"key-{number}"))]);

        var first = await ClaimAsync(store, limit: 4);
        var rest = await ClaimAsync(store, limit: 100);

        Assert.Equal((4, 6), (first.Count, rest.Count));
        Assert.Equal(Enumerable.Range(0, 10), Numbers(first.Concat(rest)));
    }

    /// <summary>An owner takes only what lies in its partitions and belongs to the subscription.</summary>
    [Fact]
    public async Task Claim_ShouldTakeOwnPartitions_WhenOthersHaveMessages()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k", partition: "1"), Parked(2, "l", partition: "2"), Parked(3, "m", partition: "1") with { Subscription = "stock" });

        var claimed = await store.ClaimAsync(new ParkingClaim([await OwnAsync(store, "1"), await OwnAsync(store, "5")], 100, 1), Cancellation);

        Assert.Equal([1], Numbers(claimed));
    }

    /// <summary>What was taken is not taken a second time.</summary>
    [Fact]
    public async Task Claim_ShouldTakeNothing_WhenMessageIsHeld()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Parked(2, "k"));
        await ClaimAsync(store);

        Assert.Empty(await ClaimAsync(store));
    }

    /// <summary>Of many claims at once, one gets each message.</summary>
    [Fact]
    public async Task Claim_ShouldTakeEachOnce_WhenClaimsAreConcurrent()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, [.. Enumerable.Range(0, 200).Select(number => Parked(number, $"key-{number}"))]);
        var owner = await OwnAsync(store);
        var taken = new ConcurrentQueue<ParkedMessage>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await Task.Yield();
            while (await store.ClaimAsync(new ParkingClaim([owner], 9, 1), Cancellation) is { Count: > 0 } claimed)
            {
                foreach (var message in claimed)
                    taken.Enqueue(message);
            }
        }));

        Assert.Equal(Enumerable.Range(0, 200), Numbers(taken));
    }

    /// <summary>A message that waits for its time is not due before it, and then is.</summary>
    [Fact]
    public async Task Claim_ShouldWaitForTime_WhenMessageIsDueLater()
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k") with { Delay = TimeSpan.FromSeconds(10) }, Parked(2, "k"), Parked(3, "l"));

        Assert.Equal([3], Numbers(await ClaimAsync(store)));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(await ClaimAsync(store));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([1], Numbers(await ClaimAsync(store)));
    }

    /// <summary>A clock that is set back does not make anybody wait for as long as it was set back.</summary>
    [Theory]
    [InlineData(ParkedState.Scheduled)]
    [InlineData(ParkedState.Stopped)]
    public async Task Claim_ShouldWaitNoLongerThanDelay_WhenClockIsSetBack(ParkedState state)
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k") with { State = state, Delay = TimeSpan.FromSeconds(10) }, Parked(2, "k"), Parked(3, null) with { State = state, Delay = TimeSpan.FromSeconds(10) });

        _time.SetBack(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(10));

        await Waiting(store).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal([1, 2, 3], Numbers(await ClaimAsync(store, ofKey: 10)));
    }

    /// <summary>A message that failed again is free, remembers the attempt, waits for its new time and keeps its place.</summary>
    [Fact]
    public async Task Settle_ShouldKeepPlaceOfMessage_WhenItIsTriedLater()
    {
        RequireGivenTime();
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Parked(2, "k"));
        var claimed = Assert.Single(await ClaimAsync(store));
        var attempt = new FailedAttempt(1, Now, "Inventory.On", "System.TimeoutException", "too slow", "   at Inventory.On()");

        await FailAsync(store, claimed with { Delay = TimeSpan.FromSeconds(5), Attempts = [attempt], Rounds = 3 });

        Assert.Empty(await ClaimAsync(store));
        _time.Advance(TimeSpan.FromSeconds(5));
        var again = Assert.Single(await ClaimAsync(store));
        Assert.Equal((claimed.Id, attempt, 3), (again.Id, Assert.Single(again.Attempts), again.Rounds));
        EnvelopeAssert.Same(claimed.Envelope, again.Envelope);
    }

    /// <summary>A message that is given up becomes a dead letter, and its key waits behind it or goes on.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Settle_ShouldMakeDeadLetter_WhenMessageIsGivenUp(bool blocksKey)
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Parked(2, "k"));
        var claimed = Assert.Single(await ClaimAsync(store));

        var answer = await FailAsync(store, claimed with { State = ParkedState.Dead, BlocksKey = blocksKey, Code = ErrorCodes.Expired, Reason = "too late" });

        Assert.True(answer.HeldUp["k"]);
        Assert.Equal(blocksKey ? [] : [2], Numbers(await ClaimAsync(store)));
        var letter = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal((claimed.Id, ErrorCodes.Expired, "too late", blocksKey ? 1 : 0), (letter.Id, letter.Code, letter.Reason, letter.Waiting));
    }

    /// <summary>In the middle of a run, what is before the failure goes, and what is behind it waits.</summary>
    [Fact]
    public async Task Settle_ShouldStopKeyAtFailure_WhenItIsInTheMiddleOfRun()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, [.. Enumerable.Range(1, 5).Select(number => Parked(number, "k"))]);
        var run = await ClaimAsync(store, ofKey: 5);

        await FailAsync(store, run[2] with { State = ParkedState.Dead, Code = ErrorCodes.HandlerFailed }, run[0].Id, run[1].Id);

        Assert.Empty(await ClaimAsync(store, ofKey: 5));
        var letter = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal((3, 2), (SampleMessages.NumberOf(letter.Envelope), letter.Waiting));
        await deadLetters.DiscardAsync(letter.Id, Cancellation);
        Assert.Equal([4, 5], InOrder(await ClaimAsync(store, ofKey: 5)));
    }

    /// <summary>What of a run was not handled is free when the rest is written down.</summary>
    [Fact]
    public async Task Settle_ShouldFreeRestOfRun_WhenItIsNotFinished()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, [.. Enumerable.Range(1, 5).Select(number => Parked(number, "k"))]);
        var run = await ClaimAsync(store, ofKey: 5);

        await FinishAsync(store, run.Take(2));

        Assert.Equal([3, 4, 5], InOrder(await ClaimAsync(store, ofKey: 5)));
    }

    /// <summary>A message that is tried for ever is a dead letter to people, also while it is tried, and due like any other.</summary>
    [Fact]
    public async Task Settle_ShouldKeepLetterThatIsTriedAgain_WhenItIsStopped()
    {
        RequireGivenTime();
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Parked(2, "k"));
        await FailAsync(store, Assert.Single(await ClaimAsync(store)) with { State = ParkedState.Stopped, Code = ErrorCodes.KeyStopped, Delay = TimeSpan.FromMinutes(1) });
        Assert.Empty(await ClaimAsync(store));

        _time.Advance(TimeSpan.FromMinutes(1));
        var again = Assert.Single(await ClaimAsync(store));

        Assert.Equal(ErrorCodes.KeyStopped, again.Code);
        Assert.Equal([1], Numbers(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)));
        await FinishAsync(store, again);
        Assert.Empty(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
    }
}
