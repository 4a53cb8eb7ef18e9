using Carillon.Parking;
using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Transports;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Parking;

/// <summary>Whatever a message and its failures say, what is set aside can be held by every store.</summary>
public sealed class StorableMessageProperties
{
    private static readonly Gen<FailedAttempt> _attempts =
        from handler in Texts.Wild
        from type in Texts.Wild
        from message in Texts.Wild
        from stack in Texts.Wild
        select new FailedAttempt(1, DateTimeOffset.UnixEpoch, handler, type ?? "", message ?? "", stack);

    private static readonly Gen<ParkedMessage> _messages =
        from envelope in Envelopes.Wild
        from code in Texts.Wild
        from reason in Texts.Wild
        from attempts in _attempts.ArrayOf().Resize(3)
        select new ParkedMessage
        {
            Subscription = "orders",
            Envelope = envelope,
            Partition = "0",
            Position = 1,
            State = ParkedState.Dead,
            ParkedAt = DateTimeOffset.UnixEpoch,
            Code = code,
            Reason = reason,
            Attempts = attempts,
        };

    [Fact]
    public void Of_ShouldGiveWhatEveryStoreHolds_WhenTextsAreAny() => Always.Holds(_messages, message =>
    {
        var storable = StorableMessage.Of(message);

        Assert.Null(StorableText.FindFault(storable.Envelope));
        Assert.All(TextsOf(storable), text => Assert.True(StorableText.IsStorable(text), $"{text} cannot be stored"));
        Assert.True(message.Envelope.Body.Span.SequenceEqual(storable.Envelope.Body.Span));
        if (StorableText.FindFault(message.Envelope) is null)
            EnvelopeEquality.AssertSame(message.Envelope, storable.Envelope);
        else
            Assert.NotNull(storable.Envelope.Defect);
    });

    [Fact]
    public void Of_ShouldKeepNamesApart_WhenTheyDifferInWhatCannotBeStored() => Always.Holds(
        from one in Texts.Wild from other in Texts.Wild where one != other && !string.IsNullOrEmpty(one) && !string.IsNullOrEmpty(other) select (one, other),
        pair =>
        {
            var (one, other) = (KeyOf(pair.one), KeyOf(pair.other));
            Assert.NotEqual(one, other);
        });

    [Fact]
    public void Cut_ShouldNeverMakeHalfACharacter_WhenTextsAreAny() => Always.Holds(
        from text in Texts.Valid from most in Gen.Choose(0, 50) select (text: text.Replace("\0", "", StringComparison.Ordinal), most),
        given =>
        {
            var cut = StorableText.Cut(given.text, given.most);

            Assert.True(StorableText.IsStorable(cut));
            Assert.StartsWith(cut, given.text, StringComparison.Ordinal);
            Assert.InRange(cut.Length, Math.Min(given.text.Length, given.most) - 1, given.most);
        });

    private static string? KeyOf(string key) => StorableMessage.Of(new ParkedMessage
    {
        Subscription = "orders",
        Envelope = Envelopes.Plain with { Key = key },
        Partition = "0",
        Position = 1,
        State = ParkedState.Dead,
        ParkedAt = DateTimeOffset.UnixEpoch,
    }).Envelope.Key;

    private static IEnumerable<string?> TextsOf(ParkedMessage message) =>
        [message.Code, message.Reason, .. message.Attempts.SelectMany(attempt => new[] { attempt.Handler, attempt.ErrorType, attempt.Message, attempt.StackTrace })];
}
