using System.Text.Json;

namespace Carillon.Serialization;

/// <summary>
/// Looks for objects in which a name stands twice, or what may count as the same where case does not matter. A question with a "maybe" for an
/// answer, which costs one pass and no allocation.
/// </summary>
internal static class DoubledNames
{
    private const int LongestName = 256;
    private const int KeptNames = 10_000;

    [ThreadStatic]
    private static HashSet<ulong>? _kept;

    /// <summary>Whether a name may be doubled, or the text may not be JSON, or be nothing but null.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> json, int depth)
    {
        var names = _kept ?? [];
        _kept = null;
        try
        {
            return Look(json, depth, names);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return true;
        }
        finally
        {
            if (names.Count <= KeptNames)
            {
                names.Clear();
                _kept = names;
            }
        }
    }

    private static bool Look(ReadOnlySpan<byte> json, int depth, HashSet<ulong> names)
    {
        Span<char> name = stackalloc char[LongestName];
        Span<uint> objects = stackalloc uint[depth + 1];
        var count = 0U;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depth });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                objects[reader.CurrentDepth] = count++;
            if (reader is { TokenType: JsonTokenType.Null, CurrentDepth: 0 })
                return true;
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (reader.ValueSpan.Length > LongestName)
                return true;
            var text = name[..reader.CopyString(name)];
            var hash = (uint)string.GetHashCode(text, StringComparison.OrdinalIgnoreCase);

            // A name that begins like this one may mean something to the reader.
            if (text.StartsWith('$') || !names.Add(((ulong)objects[reader.CurrentDepth - 1] << 32) | hash))
                return true;
        }

        return false;
    }
}
