using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>
/// What is set aside, in a form that every store can hold: the one place that all texts pass on their way into a parking store. A message that
/// cannot be stored as it is must not stay for ever with the worker that has it.
/// </summary>
internal static class StorableMessage
{
    private const int HashBytes = 8;

    /// <summary>The message as it is where it is storable; otherwise with replacements that can be seen, and as one that no handler gets.</summary>
    public static ParkedMessage Of(ParkedMessage message) => message with
    {
        Envelope = Of(message.Envelope),
        Code = StorableText.Show(message.Code),
        Reason = StorableText.Show(message.Reason),
        Attempts = message.Attempts.All(IsStorable) ? message.Attempts : [.. message.Attempts.Select(Show)],
    };

    /// <summary>The message without what was said about it, because a store refused that.</summary>
    public static ParkedMessage WithoutTexts(ParkedMessage message, CarillonException refusal) => message with
    {
        Reason = message.Reason is null ? null : $"What was to be said here could not be stored: {StorableText.Cut(StorableText.Show(refusal.Message), 1_000)}",
        Attempts = [.. message.Attempts.Select(static attempt => new FailedAttempt(attempt.Number, attempt.At, null, "(could not be stored)", "", null))],
    };

    /// <summary>The message with nothing but what names it and its body. No handler gets it like that.</summary>
    public static ParkedMessage Bare(ParkedMessage message, CarillonException refusal) => WithoutTexts(message, refusal) with
    {
        Envelope = message.Envelope with
        {
            Subject = null,
            ContentType = null,
            CorrelationId = default,
            CausationId = default,
            TraceParent = null,
            TraceState = null,
            Headers = null,
            Defect = message.Envelope.Defect ?? new EnvelopeDefect(ErrorCodes.InvalidAttribute, "The store refused an attribute or header of the message, so that they are missing here."),
        },
    };

    private static Envelope Of(in Envelope envelope)
    {
        if (StorableText.FindFault(envelope) is not { } attribute)
            return envelope;
        return envelope with
        {
            Topic = StorableText.Show(envelope.Topic),
            Destination = StorableText.Show(envelope.Destination),
            Id = EventId.Parse(Distinct(envelope.Id.ToString())),
            Source = Distinct(envelope.Source),
            Type = StorableText.Show(envelope.Type),
            Key = Distinct(envelope.Key),
            Subject = StorableText.Show(envelope.Subject),
            ContentType = StorableText.Show(envelope.ContentType),
            CorrelationId = EventId.Parse(StorableText.Show(envelope.CorrelationId.ToString())),
            CausationId = EventId.Parse(StorableText.Show(envelope.CausationId.ToString())),
            TraceParent = StorableText.Show(envelope.TraceParent),
            TraceState = StorableText.Show(envelope.TraceState),
            Headers = Of(envelope.Headers),
            Defect = DefectOf(envelope, attribute),
        };
    }

    private static EnvelopeDefect DefectOf(in Envelope envelope, string attribute) => envelope.Defect is { } defect
        ? new EnvelopeDefect(StorableText.Show(defect.Code), StorableText.Show(defect.Detail))
        : new EnvelopeDefect(ErrorCodes.InvalidAttribute, $"The attribute {attribute} holds U+0000 or half of a surrogate pair, which no store can hold; it is shown with replacements.");

    private static Dictionary<string, string>? Of(IReadOnlyDictionary<string, string>? headers) =>
        headers?.DistinctBy(static header => Distinct(header.Key)).ToDictionary(
            static header => Distinct(header.Key), static header => StorableText.Show(header.Value), StringComparer.Ordinal);

    /// <summary>A text that names something: two of them must not become one.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    private static string? Distinct(string? text)
    {
        if (StorableText.IsStorable(text))
            return text;
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()));
        return string.Create(CultureInfo.InvariantCulture, $"{StorableText.Show(text)}#{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}");
    }

    private static bool IsStorable(FailedAttempt attempt) =>
        StorableText.IsStorable(attempt.Handler) && StorableText.IsStorable(attempt.ErrorType) && StorableText.IsStorable(attempt.Message) && StorableText.IsStorable(attempt.StackTrace);

    private static FailedAttempt Show(FailedAttempt attempt) => attempt with
    {
        Handler = StorableText.Show(attempt.Handler),
        ErrorType = StorableText.Show(attempt.ErrorType),
        Message = StorableText.Show(attempt.Message),
        StackTrace = StorableText.Show(attempt.StackTrace),
    };
}
