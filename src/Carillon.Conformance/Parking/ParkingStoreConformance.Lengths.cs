using Carillon.Conformance.Transports;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class ParkingStoreConformance
{
    /// <summary>
    /// The longest names that anybody's limits allow, and such as nobody's limits allow (whoever can write into a broker can send them), are kept whole, told
    /// from each other by their last character, and found again.
    /// </summary>
    [Theory]
    [InlineData(512, 1_024, 2_048)]
    [InlineData(4_000, 5_000, 6_000)]
    public async Task Park_ShouldTellMessagesApart_WhenTheirNamesAreLong(int key, int id, int source)
    {
        var (store, deadLetters) = await OpenAsync();
        var dead = Named(Dead(1, LongTexts.Of(key, 'a')), id, source, 'a', 'a');
        var behind = Named(Parked(2, LongTexts.Of(key, 'a')), id, source, 'b', 'a') with { State = ParkedState.Behind };
        var other = Named(Parked(3, LongTexts.Of(key, 'b')), id, source, 'a', 'b');

        await ParkAsync(store, dead, behind, other);
        await ParkAsync(store, dead);

        Assert.Equal([LongTexts.Of(key, 'a'), LongTexts.Of(key, 'b')], (await HeldUpAsync(store)).Order(StringComparer.Ordinal));
        EnvelopeAssert.Same(other.Envelope, Assert.Single(await ClaimAsync(store, ofKey: 10)).Envelope);
        var letter = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery { Key = dead.Envelope.Key }, Cancellation));
        EnvelopeAssert.Same(dead.Envelope, letter.Envelope);
        Assert.Equal(1, letter.Waiting);

        await deadLetters.ReplayAsync(letter.Id, Cancellation);
        var replay = Assert.Single(await store.WaitForReplaysAsync("orders", 0, TimeSpan.Zero, Cancellation));
        Assert.Equal(dead.Envelope.Key, replay.Key);
        var run = Assert.Single(await ClaimAsync(store));
        EnvelopeAssert.Same(dead.Envelope, run.Envelope);
        Assert.True((await FinishAsync(store, run)).HeldUp[dead.Envelope.Key!]);
        EnvelopeAssert.Same(behind.Envelope, Assert.Single(await ClaimAsync(store)).Envelope);
    }

    /// <summary>Whatever else a message and its failure say, and however much of it, the store takes it.</summary>
    [Fact]
    public async Task Park_ShouldKeepTheMessage_WhenEveryAttributeIsLong()
    {
        const int length = 4_096;
        var (store, deadLetters) = await OpenAsync();
        var text = LongTexts.Of(length, 'a');
        var parked = Dead(1, text);
        parked = Named(parked with { Code = text, Reason = text }, length, length, 'a', 'a');
        parked = parked with
        {
            Envelope = parked.Envelope with
            {
                Topic = text,
                Destination = text,
                Type = text,
                Subject = text,
                ContentType = text,
                CorrelationId = EventId.Parse(text),
                CausationId = EventId.Parse(text),
                TraceParent = text,
                TraceState = text,
                Headers = new Dictionary<string, string>(StringComparer.Ordinal) { [text] = text },
                Defect = new EnvelopeDefect(text, text),
            },
        };

        await ParkAsync(store, parked);

        var letter = Assert.Single(await deadLetters.ListAsync(new DeadLetterQuery { Key = text, Code = text }, Cancellation));
        EnvelopeAssert.Same(parked.Envelope, letter.Envelope);
        Assert.Equal((text, 1L), (letter.Reason, await deadLetters.CountAsync(new DeadLetterQuery { Code = text }, Cancellation)));
        await deadLetters.DiscardAsync(letter.Id, Cancellation);
        Assert.Empty(await HeldUpAsync(store));
    }

    /// <summary>A note about a message with a long name is found again, and is about no other one.</summary>
    [Fact]
    public async Task Note_ShouldCountEarlierOwners_WhenNamesAreLong()
    {
        var (store, notes) = await OpenNotesAsync();
        var (message, other) = (Named(Parked(1, "k"), 5_000, 6_000, 'a', 'a').Envelope, Named(Parked(2, "k"), 5_000, 6_000, 'b', 'a').Envelope);
        await notes.NoteAsync(await OwnAsync(store), message, Cancellation);

        var second = Assert.Single(await store.TakeOverAsync("orders", [new AssignedPartition(Partitions.Whole)], Cancellation));

        Assert.Equal((1, 0), (await notes.CountAsync(second, message, Cancellation), await notes.CountAsync(second, other, Cancellation)));
        await notes.RemoveAsync(second, message, Cancellation);
        Assert.Equal(0, await notes.CountAsync(second, message, Cancellation));
    }

    private static ParkedMessage Named(ParkedMessage message, int id, int source, char lastOfId, char lastOfSource) => message with
    {
        Envelope = message.Envelope with { Id = EventId.Parse(LongTexts.Of(id, lastOfId)), Source = LongTexts.Of(source, lastOfSource) },
    };
}
