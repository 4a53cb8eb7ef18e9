using Carillon.Conformance.Transports;
using Carillon.Parking;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>A dead letter is never due, and nothing behind it of its key is; other keys are.</summary>
    [Fact]
    public async Task Claim_ShouldTakeNothingOfKey_WhenDeadLetterBlocksIt()
    {
        var (store, _) = await OpenAsync();

        await ParkAsync(store, Dead(1, "k"), Parked(2, "k"), Parked(3, "k"), Parked(4, "l"));

        Assert.Equal([4], Numbers(await ClaimAsync(store)));
    }

    /// <summary>A dead letter that does not block its key is passed over.</summary>
    [Fact]
    public async Task Claim_ShouldPassOver_WhenDeadLetterDoesNotBlockKey()
    {
        var (store, _) = await OpenAsync();

        await ParkAsync(store, Dead(1, "k") with { BlocksKey = false }, Parked(2, "k"), Dead(3, "k"), Parked(4, "k"));

        var claimed = await ClaimAsync(store);
        Assert.Equal([2], Numbers(claimed));
        await FinishAsync(store, claimed);
        Assert.Empty(await ClaimAsync(store));
    }

    /// <summary>A dead letter is shown whole.</summary>
    [Fact]
    public async Task Find_ShouldShowWholeLetter_WhenItIsThere()
    {
        var (store, deadLetters) = await OpenAsync();
        var dead = Dead(1, "k") with { Code = ErrorCodes.MalformedBody, Reason = "byte 7: “}” expected" };
        await ParkAsync(store, dead, Parked(2, "k"), Parked(3, "k"), Parked(4, "l"));

        var letter = await deadLetters.FindAsync(Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Id, Cancellation);

        Assert.NotNull(letter);
        Assert.Equal((dead.Subscription, dead.Code, dead.Reason, dead.ParkedAt, 2), (letter.Subscription, letter.Code, letter.Reason, letter.ParkedAt, letter.Waiting));
        Assert.Equal(dead.Attempts, letter.Attempts);
        EnvelopeAssert.Same(dead.Envelope, letter.Envelope);
    }

    /// <summary>What is said about a message is kept in a form that every store can hold, and found by what was said.</summary>
    [Fact]
    public async Task List_ShouldFindByCode_WhenNoStoreCanHoldItAsItIs()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(1, "k") with { Code = "odd\0", Reason = "half \ud83d" }, Parked(2, "l"), Dead(3, "m"));
        await FailAsync(store, Assert.Single(await ClaimAsync(store)) with { State = ParkedState.Dead, Code = "odd\0", Reason = "other \0" });

        var letters = await deadLetters.ListAsync(new DeadLetterQuery { Code = "odd\0" }, Cancellation);

        Assert.Equal([("odd\u2400", "half \ufffd"), ("odd\u2400", "other \u2400")], letters.Select(letter => (letter.Code, letter.Reason)));
        Assert.Equal(2, await deadLetters.CountAsync(new DeadLetterQuery { Code = "odd\0" }, Cancellation));
        Assert.Equal(0, await deadLetters.CountAsync(new DeadLetterQuery { Key = "k\0" }, Cancellation));
    }

    /// <summary>What has one code can be left out, however old it is; what has none stays.</summary>
    [Fact]
    public async Task List_ShouldLeaveOut_WhenQueryNamesACodeToExcept()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(1, "k") with { Code = ErrorCodes.KeyStopped }, Dead(2, "l") with { Code = "odd\0" }, Dead(3, "m") with { Code = null });

        var query = new DeadLetterQuery { ExceptCode = ErrorCodes.KeyStopped, Limit = 2 };

        Assert.Equal([2, 3], Numbers(await deadLetters.ListAsync(query, Cancellation)));
        Assert.Equal(2, await deadLetters.CountAsync(query, Cancellation));
        Assert.Equal([1, 3], Numbers(await deadLetters.ListAsync(new DeadLetterQuery { ExceptCode = "odd\0" }, Cancellation)));
        Assert.Empty(await deadLetters.ListAsync(new DeadLetterQuery { Key = "k", ExceptCode = ErrorCodes.KeyStopped }, Cancellation));
    }

    /// <summary>A number that belongs to no dead letter finds none.</summary>
    [Fact]
    public async Task Find_ShouldReturnNull_WhenThereIsNoSuchLetter()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"));
        var waiting = Assert.Single(await ClaimAsync(store));

        Assert.Null(await deadLetters.FindAsync(waiting.Id, Cancellation));
        Assert.Null(await deadLetters.FindAsync(987_654_321, Cancellation));
    }

    /// <summary>The list has dead letters only, and those that the query asks for.</summary>
    [Fact]
    public async Task List_ShouldReturnWhatMatches_WhenQueryHasFilters()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store,
            Parked(0, "k"),
            Dead(1, "l"),
            Dead(2, "m") with { Subscription = "stock" },
            WithType(Dead(3, "l"), "other.kind"),
            Dead(4, null) with { Code = ErrorCodes.EmptyBody });

        Assert.Equal([1, 3, 4, 2], Numbers(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)));
        Assert.Equal(4, await deadLetters.CountAsync(new DeadLetterQuery { Limit = 1 }, Cancellation));
        Assert.Equal(1, await deadLetters.CountAsync(new DeadLetterQuery { Subscription = "orders", Code = ErrorCodes.EmptyBody }, Cancellation));
        Assert.Equal([2], Numbers(await deadLetters.ListAsync(new DeadLetterQuery { Subscription = "stock" }, Cancellation)));
        Assert.Equal([3], Numbers(await deadLetters.ListAsync(new DeadLetterQuery { Type = "other.kind" }, Cancellation)));
        Assert.Equal([1, 3], Numbers(await deadLetters.ListAsync(new DeadLetterQuery { Key = "l" }, Cancellation)));
        Assert.Equal([4], Numbers(await deadLetters.ListAsync(new DeadLetterQuery { Code = ErrorCodes.EmptyBody }, Cancellation)));
        Assert.Equal([1], Numbers(await deadLetters.ListAsync(new DeadLetterQuery { Subscription = "orders", Key = "l", Type = "sample.happened" }, Cancellation)));
    }

    /// <summary>The list is read page by page, the oldest first, also when letters go meanwhile.</summary>
    [Fact]
    public async Task List_ShouldPage_WhenThereAreMoreThanLimit()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, [.. Enumerable.Range(0, 25).Select(number => Dead(number, $"key-{number % 3}"))]);

        var all = new List<DeadLetter>();
        while (await deadLetters.ListAsync(new DeadLetterQuery { After = all.Count == 0 ? 0 : all[^1].Id, Limit = 10 }, Cancellation) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 10);
            all.AddRange(page);
            await deadLetters.DiscardAsync(page[0].Id, Cancellation);
        }

        Assert.Equal(Enumerable.Range(0, 25), Numbers(all));
    }

    /// <summary>A page has a size that can be served.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task List_ShouldThrow_WhenLimitIsOutOfRange(int limit)
    {
        var (_, deadLetters) = await OpenAsync();

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await deadLetters.ListAsync(new DeadLetterQuery { Limit = limit }, Cancellation));
    }

    /// <summary>A replayed letter is due at once, with its attempts, before what waits behind it, and is no dead letter any more.</summary>
    [Fact]
    public async Task Replay_ShouldMakeLetterDue_WhenKeyIsBlocked()
    {
        var (store, deadLetters) = await OpenAsync();
        var dead = Dead(1, "k");
        await ParkAsync(store, dead, Parked(2, "k"));
        var letter = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));

        await deadLetters.ReplayAsync(letter.Id, Cancellation);

        Assert.Empty(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        var claimed = Assert.Single(await ClaimAsync(store));
        Assert.Equal((letter.Id, ParkedState.Scheduled, null, true), (claimed.Id, claimed.State, claimed.Code, claimed.BlocksKey));
        Assert.Equal(dead.Attempts, claimed.Attempts);
        await FinishAsync(store, claimed);
        Assert.Equal([2], Numbers(await ClaimAsync(store)));
    }

    /// <summary>A replayed letter that fails again is a dead letter again and blocks its key as before.</summary>
    [Fact]
    public async Task Replay_ShouldBeRepeatable_WhenLetterFailsAgain()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(1, "k"), Parked(2, "k"));
        var letter = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        await deadLetters.ReplayAsync(letter.Id, Cancellation);
        var claimed = Assert.Single(await ClaimAsync(store));

        await FailAsync(store, claimed with { State = ParkedState.Dead, Code = ErrorCodes.HandlerFailed, Reason = "again" });

        Assert.Empty(await ClaimAsync(store));
        await deadLetters.ReplayAsync(letter.Id, Cancellation);
        Assert.Equal([1], Numbers(await ClaimAsync(store)));
    }

    /// <summary>A discarded letter is gone, and its key goes on.</summary>
    [Fact]
    public async Task Discard_ShouldFreeKey_WhenMessagesWaitBehindLetter()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(1, "k"), Parked(2, "k"));
        var letter = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));

        await deadLetters.DiscardAsync(letter.Id, Cancellation);

        Assert.Null(await deadLetters.FindAsync(letter.Id, Cancellation));
        Assert.Equal([2], Numbers(await ClaimAsync(store)));
        Assert.Equal(["k"], await HeldUpAsync(store));
    }

    /// <summary>Only what is a dead letter can be replayed or discarded, and only once.</summary>
    [Fact]
    public async Task Replay_ShouldThrowDeadLetterNotFound_WhenThereIsNoSuchLetter()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Dead(2, "l"));
        var waiting = Assert.Single(await ClaimAsync(store)).Id;
        var dead = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Id;
        await deadLetters.DiscardAsync(dead, Cancellation);

        foreach (var id in new[] { waiting, dead, 987_654_321 })
        {
            Assert.Equal(ErrorCodes.DeadLetterNotFound, (await Assert.ThrowsAsync<CarillonException>(async () => await deadLetters.ReplayAsync(id, Cancellation))).Code);
            Assert.Equal(ErrorCodes.DeadLetterNotFound, (await Assert.ThrowsAsync<CarillonException>(async () => await deadLetters.DiscardAsync(id, Cancellation))).Code);
        }
    }

    private static ParkedMessage WithType(ParkedMessage message, string type) => message with { Envelope = message.Envelope with { Type = type } };
}
