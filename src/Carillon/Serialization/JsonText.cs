using System.Buffers;

namespace Carillon.Serialization;

/// <summary>Measures JSON text without parsing it. Never fails, never allocates, and looks at each byte a fixed number of times.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> _structure = SearchValues.Create("\"[]{}:"u8);
    private static readonly SearchValues<byte> _endOfString = SearchValues.Create("\"\\"u8);

    public static ReadOnlySpan<byte> SkipByteOrderMark(ReadOnlySpan<byte> text) =>
        text.StartsWith("\uFEFF"u8) ? text[3..] : text;

    /// <summary>Whether the text has as many opening brackets as it needs to nest deeper. A cheap question with a "maybe" for an answer.</summary>
    public static bool MayNestDeeperThan(ReadOnlySpan<byte> text, int depth) =>
        text.Length > depth && text.Count((byte)'{') + text.Count((byte)'[') > depth;

    /// <summary>Whether the text has as many colons as it needs to have more properties. A cheap question with a "maybe" for an answer.</summary>
    public static bool MayHaveMorePropertiesThan(ReadOnlySpan<byte> text, int properties) =>
        text.Length > properties && text.Count((byte)':') > properties;

    /// <summary>How deep the text nests and how many properties it has.</summary>
    public static (int Depth, int Properties) Measure(ReadOnlySpan<byte> text)
    {
        int depth = 0, deepest = 0, properties = 0;
        while (text.IndexOfAny(_structure) is var next and >= 0)
        {
            var found = text[next];
            text = text[(next + 1)..];
            if (found == '"')
                text = SkipString(text);
            else if (found == ':')
                properties++;
            else if (found is (byte)'[' or (byte)'{')
                deepest = Math.Max(deepest, ++depth);
            else
                depth--;
        }

        return (deepest, properties);
    }

    private static ReadOnlySpan<byte> SkipString(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny(_endOfString) is var next and >= 0)
        {
            if (text[next] == '"')
                return text[(next + 1)..];
            text = text[Math.Min(next + 2, text.Length)..];
        }

        return [];
    }
}
