using Carillon.Conformance.Transports;
using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>Each write says what is left of the keys that it concerned.</summary>
    [Fact]
    public async Task Settle_ShouldSayWhatIsLeft_WhenMessagesAreFinished()
    {
        var (store, _) = await OpenAsync();
        var parked = await store.ParkAsync(await OwnAsync(store), [Parked(1, "k"), Parked(2, "k"), Parked(3, null), Dead(4, "l") with { BlocksKey = false }], Cancellation);
        var run = await ClaimAsync(store, ofKey: 2);

        var afterFirst = await FinishAsync(store, run.Where(message => message.Position == 1));
        var afterAll = await FinishAsync(store, run);

        Assert.Equal(new Dictionary<string, bool> { ["k"] = true, ["l"] = false }, parked.HeldUp);
        Assert.Equal(new Dictionary<string, bool> { ["k"] = true }, afterFirst.HeldUp);
        Assert.Equal(new Dictionary<string, bool> { ["k"] = false }, afterAll.HeldUp);
    }

    /// <summary>A message waits behind others only where there are others: behind nothing, nobody would let it go on.</summary>
    [Fact]
    public async Task Park_ShouldKeepWhatIsBehind_WhenKeyIsHeldUp()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(1, "k"), Dead(2, "l") with { BlocksKey = false }, Parked(3, "m", "elsewhere"));
        string[] keys = ["k", "l", "m", "n", "k"];

        var answer = await store.ParkAsync(await OwnAsync(store), [.. keys.Select((key, number) => Parked(10 + number, key) with { State = ParkedState.Behind })], Cancellation);

        Assert.Equal(new Dictionary<string, bool> { ["k"] = true, ["l"] = false, ["m"] = false, ["n"] = false }, answer.HeldUp);
        Assert.Equal(["k"], await HeldUpAsync(store));
        await deadLetters.DiscardAsync((await deadLetters.ListAsync(new DeadLetterQuery { Key = "k" }, Cancellation))[0].Id, Cancellation);
        Assert.Equal([10, 14], InOrder(await ClaimAsync(store, ofKey: 10)));
    }

    /// <summary>A message that is parked a second time stays as it is, so that it does not hold up what comes behind it in the same call either.</summary>
    [Fact]
    public async Task Park_ShouldNotKeepWhatIsBehind_WhenWhatIsBeforeItWasThereAlready()
    {
        var (store, _) = await OpenAsync();
        var (letter, behind) = (Dead(1, "k") with { BlocksKey = false }, Parked(2, "k") with { State = ParkedState.Behind });

        var together = await store.ParkAsync(await OwnAsync(store), [letter, letter with { BlocksKey = true, State = ParkedState.Stopped }, behind], Cancellation);
        var afterwards = await store.ParkAsync(await OwnAsync(store), [letter with { BlocksKey = true }, behind], Cancellation);
        var heldUp = await store.ParkAsync(await OwnAsync(store), [letter with { BlocksKey = true }, Parked(3, "k"), behind], Cancellation);

        Assert.False(together.HeldUp["k"]);
        Assert.False(afterwards.HeldUp["k"]);
        Assert.True(heldUp.HeldUp["k"]);
        Assert.Equal([2, 3], InOrder(await ClaimAsync(store, ofKey: 10)));
    }

    /// <summary>The keys that are held up are read page by page.</summary>
    [Fact]
    public async Task ReadHeldUp_ShouldPage_WhenThereAreManyKeys()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, [.. Enumerable.Range(0, 25).Select(number => Parked(number, $"key-{number % 23:00}")), Parked(30, "", Partitions.Whole), Parked(31, null), Dead(32, "free") with { BlocksKey = false }]);
        await ParkAsync(store, Parked(33, "elsewhere", "other"), Parked(34, "others") with { Subscription = "stock" });

        var all = new List<string>();
        IReadOnlyList<string> page;
        do
            all.AddRange(page = await store.ReadHeldUpAsync(await OwnAsync(store), all.Count == 0 ? null : all[^1], 10, Cancellation));
        while (page.Count == 10);

        Assert.Equal(["", .. Enumerable.Range(0, 23).Select(number => $"key-{number:00}")], all.Order(StringComparer.Ordinal));
    }

    /// <summary>A letter that nothing waited for holds up its key when it is replayed, before what is parked behind it, and its owner hears of it.</summary>
    [Fact]
    public async Task Replay_ShouldHoldUpKey_WhenLetterDidNot()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(2, "k") with { BlocksKey = false });
        Assert.Empty(await HeldUpAsync(store));

        await deadLetters.ReplayAsync(await OnlyLetterAsync(deadLetters), Cancellation);

        var replay = Assert.Single(await store.WaitForReplaysAsync("orders", 0, TimeSpan.Zero, Cancellation));
        Assert.Equal((Partitions.Whole, "k"), (replay.Partition, replay.Key));
        Assert.Equal(["k"], await HeldUpAsync(store));
        var answer = await store.ParkAsync(await OwnAsync(store), [Parked(5, "k") with { State = ParkedState.Behind }], Cancellation);
        Assert.True(answer.HeldUp["k"]);
        Assert.True(answer.Replays >= replay.Number);
        var letter = Assert.Single(await ClaimAsync(store, ofKey: 10));
        await FinishAsync(store, letter);
        var behind = Assert.Single(await ClaimAsync(store, ofKey: 10));
        Assert.Equal([(2, true), (5, false)], new[] { letter, behind }.Select(message => (SampleMessages.NumberOf(message.Envelope), message.IsReplayed)));
    }

    /// <summary>A replay is heard of once, and no longer when it is finished.</summary>
    [Fact]
    public async Task WaitForReplays_ShouldTellOnlyLater_WhenSomeAreKnown()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(1, "k"), Dead(2, "l"), Dead(3, null), Dead(4, "m") with { Subscription = "stock" });
        foreach (var letter in await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation))
            await deadLetters.ReplayAsync(letter.Id, Cancellation);

        var all = await store.WaitForReplaysAsync("orders", 0, TimeSpan.Zero, Cancellation);
        var later = await store.WaitForReplaysAsync("orders", all[0].Number, TimeSpan.Zero, Cancellation);
        await FinishAsync(store, await ClaimAsync(store));

        Assert.Equal(["k", "l"], all.Select(replay => replay.Key));
        Assert.Equal(["l"], later.Select(replay => replay.Key));
        Assert.Empty(await store.WaitForReplaysAsync("orders", all[^1].Number, TimeSpan.Zero, Cancellation));
        Assert.Empty(await store.WaitForReplaysAsync("orders", 0, TimeSpan.Zero, Cancellation));
    }

    /// <summary>A replay ends the wait for it.</summary>
    [Fact]
    public async Task WaitForReplays_ShouldReturn_WhenLetterIsReplayed()
    {
        var (store, deadLetters) = await OpenAsync();
        await ParkAsync(store, Dead(1, "k"));
        var waiting = store.WaitForReplaysAsync("orders", 0, TimeSpan.FromHours(1), Cancellation).AsTask();
        Assert.False(waiting.IsCompleted);

        await deadLetters.ReplayAsync(await OnlyLetterAsync(deadLetters), Cancellation);

        await Patience.ForAsync(waiting, "the wait for replays");
        Assert.Equal("k", Assert.Single(await waiting).Key);
    }
}
