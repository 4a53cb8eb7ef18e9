using Carillon.Conformance.Transports;
using Carillon.Parking;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>A publisher that uses an id twice loses nothing by that: both messages are kept, whether their types or their contents differ.</summary>
    [Fact]
    public async Task Park_ShouldKeepAll_WhenMessagesShareAnId()
    {
        var (store, _) = await OpenAsync();
        var first = Parked(1, "k");
        var otherType = Parked(2, "k") with { Envelope = first.Envelope with { Type = "a.c" } };
        var otherContent = Parked(3, "k") with { Envelope = first.Envelope with { Body = new byte[] { 1, 2, 3 } } };
        var again = first with { Position = 4 };

        await ParkAsync(store, first, otherType);
        await ParkAsync(store, otherContent, again);

        Assert.Equal([1, 2, 3], (await ClaimAsync(store, ofKey: 10)).Select(message => message.Position!.Value));
    }

    /// <summary>A message is kept whole: every attribute, every byte, every attempt.</summary>
    [Theory]
    [MemberData(nameof(SampleEnvelopes.Names), MemberType = typeof(SampleEnvelopes))]
    public async Task Park_ShouldKeepEveryAttribute_WhenEnvelopeIsNamed(string name)
    {
        var (store, _) = await OpenAsync();
        var parked = Parked(7, "k", partition: "queue/3") with { Envelope = SampleEnvelopes.Named(name), Position = 1L << 40 };

        await ParkAsync(store, parked);

        var claimed = Assert.Single(await store.ClaimAsync(new ParkingClaim([await OwnAsync(store, "queue/3")], 10, 10), Cancellation));
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

        await ParkAsync(store, Parked(1, "k") with { Attempts = attempts });

        Assert.Equal(attempts, Assert.Single(await ClaimAsync(store)).Attempts);
    }

    /// <summary>Parking again, as after a crash, has no effect, whatever the second copy says.</summary>
    [Fact]
    public async Task Park_ShouldChangeNothing_WhenMessageIsThereAlready()
    {
        var (store, deadLetters) = await OpenAsync();
        var parked = Parked(1, "k");
        await ParkAsync(store, parked);

        await ParkAsync(store, parked with { State = ParkedState.Dead, Code = ErrorCodes.HandlerFailed }, Parked(2, "k"));

        Assert.Empty(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation));
        Assert.Equal([1, 2], Numbers(await ClaimAsync(store, ofKey: 10)));
    }

    /// <summary>One call may name a message twice.</summary>
    [Fact]
    public async Task Park_ShouldKeepOne_WhenBatchHoldsMessageTwice()
    {
        var (store, _) = await OpenAsync();
        var parked = Parked(1, "k");

        await ParkAsync(store, parked, parked);

        Assert.Equal([1], Numbers(await ClaimAsync(store, ofKey: 10)));
    }

    /// <summary>A message is the same one only within its subscription and source.</summary>
    [Fact]
    public async Task Park_ShouldKeepEach_WhenSubscriptionOrSourceDiffers()
    {
        var (store, deadLetters) = await OpenAsync();
        var dead = Dead(1, "k");

        await ParkAsync(store, dead, dead with { Subscription = "stock" }, dead with { Envelope = dead.Envelope with { Source = "/other" } });

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

        await ParkAsync(store, one with { Envelope = one.Envelope with { Source = oneSource, Id = EventId.Parse(oneId) } });
        await ParkAsync(store, other with { Envelope = other.Envelope with { Source = otherSource, Id = EventId.Parse(otherId) } });

        Assert.Equal([1, 2], Numbers(await ClaimAsync(store)));
    }

    /// <summary>Broken messages may have no id: they must not pass for one another.</summary>
    [Fact]
    public async Task Park_ShouldKeepEach_WhenMessagesHaveNoId()
    {
        var (store, deadLetters) = await OpenAsync();
        ParkedMessage[] broken = [.. Enumerable.Range(1, 3).Select(number => Dead(number, null) with { Envelope = new Envelope { Topic = "a.b", Body = new byte[] { (byte)number } } })];

        await ParkAsync(store, broken);
        await ParkAsync(store, broken);

        Assert.Equal(3, (await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Count);
    }

    /// <summary>A finished message that is parked again is a parked message.</summary>
    [Fact]
    public async Task Park_ShouldKeepMessage_WhenItWasFinishedBefore()
    {
        var (store, _) = await OpenAsync();
        var parked = Parked(1, "k");
        await ParkAsync(store, parked);
        await FinishAsync(store, Assert.Single(await ClaimAsync(store)));

        await ParkAsync(store, parked);

        Assert.Equal([1], Numbers(await ClaimAsync(store)));
    }

    /// <summary>Many callers may park at once.</summary>
    [Fact]
    public async Task Park_ShouldKeepEachOnce_WhenCallersAreConcurrent()
    {
        var (store, _) = await OpenAsync();
        var owner = await OwnAsync(store);
        ParkedMessage[] messages = [.. Enumerable.Range(0, 100).Select(number => Parked(number, $"key-{number}"))];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async caller =>
        {
            await Task.Yield();
            foreach (var chunk in messages.Skip(caller * 10).Concat(messages.Take(caller * 10)).Chunk(7))
                await store.ParkAsync(owner, chunk, Cancellation);
        }));

        Assert.Equal(100, (await HeldUpAsync(store)).Count);
        Assert.Equal(Enumerable.Range(0, 100), Numbers(await ClaimAsync(store, limit: 1_000, ofKey: 10)));
    }

    /// <summary>What was parked is there when the store is opened again.</summary>
    [Fact]
    public async Task Park_ShouldKeepMessages_WhenStoreIsOpenedAgain()
    {
        Assert.SkipUnless(IsDurable, "the store does not outlive the process");
        var (first, _) = await OpenAsync();
        await ParkAsync(first, Parked(1, "k"), Dead(2, "l"));
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
        await ParkAsync(store, Dead(1, "k", "orders-0"), Parked(2, "k", "orders-0"), Parked(3, "k", "refunds-0"));

        var claimed = await store.ClaimAsync(new ParkingClaim([await OwnAsync(store, "orders-0"), await OwnAsync(store, "refunds-0")], 100, 10), Cancellation);

        Assert.Equal([3], Numbers(claimed));
        Assert.Equal(1, Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery(), Cancellation)).Waiting);
    }

    /// <summary>Messages without positions keep the order in which they were parked.</summary>
    [Fact]
    public async Task Park_ShouldKeepOrderOfArrival_WhenMessagesHaveNoPosition()
    {
        var (store, _) = await OpenAsync();
        ParkedMessage[] messages = [.. Enumerable.Range(1, 3).Select(number => Parked(((number + 1) % 3) + 1, "k") with { Position = null })];
        await ParkAsync(store, messages[..1]);
        await ParkAsync(store, messages[1..]);

        var run = await ClaimAsync(store, ofKey: 10);

        Assert.Equal([3, 1, 2], InOrder(run));
        Assert.All(run, message => Assert.Null(message.Position));
    }

    /// <summary>Finishing a message that is gone changes nothing, and does not keep the others from being finished.</summary>
    [Fact]
    public async Task Settle_ShouldIgnoreMissing_WhenOthersAreThere()
    {
        var (store, _) = await OpenAsync();
        await ParkAsync(store, Parked(1, "k"), Parked(2, "l"));
        var claimed = await ClaimAsync(store);
        await FinishAsync(store, claimed[0]);

        await store.SettleAsync(await OwnAsync(store), [987_654_321, .. claimed.Select(message => message.Id)], claimed[0] with { State = ParkedState.Dead }, Cancellation);

        Assert.Empty(await HeldUpAsync(store));
    }
}
