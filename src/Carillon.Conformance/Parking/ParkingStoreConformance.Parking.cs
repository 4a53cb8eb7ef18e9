using Carillon.Conformance.Transports;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>A message is kept whole: every attribute, every byte, every attempt.</summary>
    [Theory]
    [MemberData(nameof(SampleEnvelopes.Names), MemberType = typeof(SampleEnvelopes))]
    public async Task Park_ShouldKeepEveryAttribute_WhenEnvelopeIsNamed(string name)
    {
        var (store, _) = await OpenAsync();
        var parked = Parked(7, "k", partition: "queue/3") with { Envelope = SampleEnvelopes.Named(name), Position = 1L << 40 };

        await store.ParkAsync([parked], Cancellation);

        var claimed = Assert.Single(await ClaimAsync(store));
        EnvelopeAssert.Same(parked.Envelope, claimed.Envelope);
        Assert.True(claimed.Id > 0);
        Assert.Equal(("orders", "queue/3", 1L << 40, parked.ParkedAt), (claimed.Subscription, claimed.Partition, claimed.Position, claimed.ParkedAt));
    }

    /// <summary>Every attempt is kept, the oldest first.</summary>
    [Fact]
    public async Task Park_ShouldKeepEveryAttempt_WhenMessageHasFailed()
    {
        FailedAttempt[] attempts =
        [
            new(1, Past, "Inventory.On", "System.TimeoutException", "too slow: “ü”", new string('s', 16_384)),
            new(2, Past.AddSeconds(1), null, "System.FormatException", new string('m', 4_096), null),
        ];
        var (store, _) = await OpenAsync();

        await store.ParkAsync([Parked(1, "k") with { Attempts = attempts }], Cancellation);

        Assert.Equal(attempts, Assert.Single(await ClaimAsync(store)).Attempts);
    }

    /// <summary>Parking again, as after a crash, has no effect, whatever the second copy says.</summary>
    [Fact]
    public async Task Park_ShouldChangeNothing_WhenMessageIsThereAlready()
    {
        var (store, deadLetters) = await OpenAsync();
        var parked = Parked(1, "k");
        await store.ParkAsync([parked], Cancellation);

        await store.ParkAsync([parked with { State = ParkedState.Dead, Code = ErrorCodes.HandlerFailed }, Parked(2, "k")], Cancellation);

        Assert.Empty(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal(2, (await store.CountByKeyAsync("orders", Partitions.Whole, Cancellation))["k"]);
    }

    /// <summary>One call may name a message twice.</summary>
    [Fact]
    public async Task Park_ShouldKeepOne_WhenBatchHoldsMessageTwice()
    {
        var (store, _) = await OpenAsync();
        var parked = Parked(1, "k");

        await store.ParkAsync([parked, parked], Cancellation);

        Assert.Equal(1, (await store.CountByKeyAsync("orders", Partitions.Whole, Cancellation))["k"]);
    }

    /// <summary>A message is the same one only within its subscription and source.</summary>
    [Fact]
    public async Task Park_ShouldKeepEach_WhenSubscriptionOrSourceDiffers()
    {
        var (store, deadLetters) = await OpenAsync();
        var dead = Dead(1, "k");

        await store.ParkAsync([dead, dead with { Subscription = "stock" }, dead with { Envelope = dead.Envelope with { Source = "/other" } }], Cancellation);

        Assert.Equal(3, (await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count);
    }

    /// <summary>Two messages are not the same one because source and id read the same together, or because one source is empty and one missing.</summary>
    [Theory]
    [InlineData("a\nb", "c", "a", "b\nc")]
    [InlineData("", "c", null, "c")]
    [InlineData("", "-\nc", null, "c")]
    public async Task Park_ShouldKeepBoth_WhenSourceAndIdReadTheSame(string oneSource, string oneId, string? otherSource, string otherId)
    {
        var (store, _) = await OpenAsync();
        var (one, other) = (Parked(1, "k"), Parked(2, "l"));

        await store.ParkAsync([one with { Envelope = one.Envelope with { Source = oneSource, Id = EventId.Parse(oneId) } }], Cancellation);
        await store.ParkAsync([other with { Envelope = other.Envelope with { Source = otherSource, Id = EventId.Parse(otherId) } }], Cancellation);

        Assert.Equal([1, 2], Numbers(await ClaimAsync(store)));
    }

    /// <summary>Broken messages may have no id: they must not pass for one another.</summary>
    [Fact]
    public async Task Park_ShouldKeepEach_WhenMessagesHaveNoId()
    {
        var (store, deadLetters) = await OpenAsync();
        ParkedMessage[] broken = [.. Enumerable.Range(1, 3).Select(number => Dead(number, null) with { Envelope = new Envelope { Topic = "a.b", Body = new byte[] { (byte)number } } })];

        await store.ParkAsync(broken, Cancellation);
        await store.ParkAsync(broken, Cancellation);

        Assert.Equal(3, (await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count);
    }

    /// <summary>A finished message that is parked again is a parked message.</summary>
    [Fact]
    public async Task Park_ShouldKeepMessage_WhenItWasFinishedBefore()
    {
        var (store, _) = await OpenAsync();
        var parked = Parked(1, "k");
        await store.ParkAsync([parked], Cancellation);
        await store.CompleteAsync([Assert.Single(await ClaimAsync(store)).Id], Cancellation);

        await store.ParkAsync([parked], Cancellation);

        Assert.Equal([1], Numbers(await ClaimAsync(store)));
    }

    /// <summary>Many callers may park at once.</summary>
    [Fact]
    public async Task Park_ShouldKeepEachOnce_WhenCallersAreConcurrent()
    {
        var (store, _) = await OpenAsync();
        ParkedMessage[] messages = [.. Enumerable.Range(0, 100).Select(number => Parked(number, $"key-{number}"))];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async caller =>
        {
            await Task.Yield();
            foreach (var chunk in messages.Skip(caller * 10).Concat(messages.Take(caller * 10)).Chunk(7))
                await store.ParkAsync(chunk, Cancellation);
        }));

        var counts = await store.CountByKeyAsync("orders", Partitions.Whole, Cancellation);
        Assert.Equal((100, 1), (counts.Count, counts.Values.Max()));
    }

    /// <summary>What was parked is there when the store is opened again.</summary>
    [Fact]
    public async Task Park_ShouldKeepMessages_WhenStoreIsOpenedAgain()
    {
        Assert.SkipUnless(IsDurable, "the store does not outlive the process");
        var (first, _) = await OpenAsync();
        await first.ParkAsync([Parked(1, "k"), Dead(2, "l")], Cancellation);
        _opened.Remove(first);
        await CloseAsync(first);

        var (second, deadLetters) = await OpenAsync();

        Assert.Equal([1], Numbers(await ClaimAsync(second)));
        Assert.Equal([2], Numbers(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)));
    }

    /// <summary>A key of one partition has nothing to do with the same key of another one: their positions cannot be compared.</summary>
    [Fact]
    public async Task Park_ShouldHoldUpKeyOfPartition_WhenAnotherPartitionHasTheSameKey()
    {
        var (store, deadLetters) = await OpenAsync();
        await store.ParkAsync([Dead(1, "k", partition: "orders-0"), Parked(2, "k", partition: "orders-0"), Parked(3, "k", partition: "refunds-0")], Cancellation);

        var claimed = await store.ClaimAsync(new ParkingClaim("orders", ["orders-0", "refunds-0"], "one", TimeSpan.FromMinutes(1), 100), Cancellation);

        Assert.Equal([3], Numbers(claimed));
        Assert.Equal(1, Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Waiting);
    }

    /// <summary>Messages without positions keep the order in which they were parked.</summary>
    [Fact]
    public async Task Park_ShouldKeepOrderOfArrival_WhenMessagesHaveNoPosition()
    {
        var (store, _) = await OpenAsync();
        int[] numbers = [3, 1, 2];
        ParkedMessage[] messages = [.. numbers.Select(number => Parked(number, "k") with { Position = null })];
        await store.ParkAsync(messages[..1], Cancellation);
        await store.ParkAsync(messages[1..], Cancellation);

        var order = new List<int>();
        while (await ClaimAsync(store) is [var claimed])
        {
            Assert.Null(claimed.Position);
            order.Add(SampleMessages.NumberOf(claimed.Envelope));
            await store.CompleteAsync([claimed.Id], Cancellation);
        }

        Assert.Equal([3, 1, 2], order);
    }

    /// <summary>Keys are counted by partition, as far as something holds them up; a message without a key belongs to none.</summary>
    [Fact]
    public async Task CountByKey_ShouldCountKeysOfPartition_WhenMessagesAreParked()
    {
        var (store, _) = await OpenAsync();
        await store.ParkAsync([
            Parked(1, "k", partition: "1"), Dead(2, "k", partition: "1"), Parked(3, "l", partition: "2"), Parked(4, null, partition: "1"),
            Parked(5, "k", partition: "3"), Parked(6, "n", partition: "1") with { Subscription = "stock" },
            Dead(7, "o", partition: "1") with { BlocksKey = false }, Dead(8, "k", partition: "1") with { BlocksKey = false },
        ], Cancellation);

        Assert.Equal(new Dictionary<string, int> { ["k"] = 2 }, await store.CountByKeyAsync("orders", "1", Cancellation));
        Assert.Equal(new Dictionary<string, int> { ["l"] = 1 }, await store.CountByKeyAsync("orders", "2", Cancellation));
        Assert.Equal(new Dictionary<string, int> { ["k"] = 1 }, await store.CountByKeyAsync("orders", "3", Cancellation));
        Assert.Empty(await store.CountByKeyAsync("orders", "4", Cancellation));
        Assert.Empty(await store.CountByKeyAsync("nobody", "1", Cancellation));
    }

    /// <summary>Finishing a message that is gone changes nothing, and does not keep the others from being finished.</summary>
    [Fact]
    public async Task Complete_ShouldIgnoreMissing_WhenOthersAreThere()
    {
        var (store, _) = await OpenAsync();
        await store.ParkAsync([Parked(1, "k"), Parked(2, "l")], Cancellation);
        var ids = (await ClaimAsync(store)).Select(message => message.Id).ToArray();
        await store.CompleteAsync([ids[0]], Cancellation);

        await store.CompleteAsync([987_654_321, .. ids], Cancellation);

        Assert.Empty(await store.CountByKeyAsync("orders", Partitions.Whole, Cancellation));
    }
}
