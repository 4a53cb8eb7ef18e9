using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Carillon.Transports;

/// <summary>
/// Which texts every store and broker can hold, and what becomes of others. A text with the character U+0000, or with half of a surrogate pair,
/// is none of them: databases and encodings refuse it, or change it without a word. What names a message (id, source, key, headers) must be
/// storable; what is only for people (reasons, messages of exceptions, stack traces) is shown with replacements.
/// </summary>
public static class StorableText
{
    private const char Null = '\0';
    private const char ShownNull = '\u2400';
    private const char ShownHalf = '\ufffd';
    private static readonly SearchValues<char> _suspicious = SearchValues.Create([Null, .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    /// <summary>Whether every store can hold the text. Null is storable.</summary>
    public static bool IsStorable(string? text) => text is null || FindFault(text) < 0;

    /// <summary>The text with every character replaced that no store can hold: U+0000 by ␀, half of a surrogate pair by U+FFFD.</summary>
    /// <returns>The same text where it is storable.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Show(string? text)
    {
        if (text is null || FindFault(text) is var first && first < 0)
            return text;
        return string.Create(text.Length, text, static (shown, text) =>
        {
            text.CopyTo(shown);
            for (var at = FindFault(shown); at >= 0 && at < shown.Length; at = Next(shown, at + 1))
                shown[at] = shown[at] == Null ? ShownNull : ShownHalf;
        });
    }

    /// <summary>The beginning of a text, at most so many characters and never half of one: a surrogate pair at the end is left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most characters (UTF-16 code units), 0 or more.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Cut(string? text, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (text is null || text.Length <= most)
            return text;
        return text[..(most > 0 && char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    /// <summary>Looks for an attribute of a message that no store can hold. The body is bytes, and always storable.</summary>
    /// <returns>The attribute's name, such as <c>partitionkey</c>, or null.</returns>
    public static string? FindFault(in Envelope envelope) =>
        !IsStorable(envelope.Topic) ? "topic"
        : !IsStorable(envelope.Destination) ? "destination"
        : !IsStorable(envelope.Id) ? "id"
        : !IsStorable(envelope.Source) ? "source"
        : !IsStorable(envelope.Type) ? "type"
        : !IsStorable(envelope.Key) ? "partitionkey"
        : !IsStorable(envelope.Subject) ? "subject"
        : !IsStorable(envelope.ContentType) ? "datacontenttype"
        : !IsStorable(envelope.CorrelationId) ? "correlationid"
        : !IsStorable(envelope.CausationId) ? "causationid"
        : !IsStorable(envelope.TraceParent) ? "traceparent"
        : !IsStorable(envelope.TraceState) ? "tracestate"
        : !IsStorable(envelope.Defect?.Detail) || !IsStorable(envelope.Defect?.Code) ? "defect"
        : FindFault(envelope.Headers);

    private static bool IsStorable(EventId id) => id.TryGetUuid(out _) || IsStorable(id.ToString());

    private static string? FindFault(IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is null)
            return null;
        foreach (var (name, value) in headers)
        {
            if (!IsStorable(name) || !IsStorable(value))
                return $"header {Show(Cut(name, 64))}";
        }

        return null;
    }

    private static int FindFault(ReadOnlySpan<char> text) =>
        text.IndexOfAny(_suspicious) is var first && first >= 0 ? Next(text, first) : -1;

    /// <summary>The first character from one on that cannot be stored, or -1.</summary>
    private static int Next(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == Null)
                return at;
            if (!char.IsSurrogate(text[at]))
                continue;
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1]))
                return at;
            at++;
        }

        return -1;
    }
}
