using System.Globalization;
using System.Text;

namespace Carillon.Diagnostics;

/// <summary>
/// Text that may come from the wire or from a user, on its way into the log, into health or into an error: a type name, a key, a reason. It stays
/// on its line and reads from left to right: line breaks and everything that cannot be seen is written as an escape, and what is too long
/// is cut. Every text argument of a log message is one.
/// </summary>
internal readonly struct LogText(string? text) : IFormattable
{
    /// <summary>The most characters that are shown.</summary>
    public const int LengthMax = 1024;

    /// <summary>Text of any origin.</summary>
    public static implicit operator LogText(string? text) => new(text);

    /// <summary>The id of a message, which any producer may choose.</summary>
    public static implicit operator LogText(EventId id) => new(id.ToString());

    /// <summary>The text with escapes, at most <paramref name="lengthMax"/> characters of it.</summary>
    public static string Clean(string text, int lengthMax = LengthMax)
    {
        var length = text.Length <= lengthMax ? text.Length : lengthMax - (char.IsHighSurrogate(text[lengthMax - 1]) ? 1 : 0);
        var hidden = IndexOfHidden(text, 0, length);
        if (hidden < 0)
            return length == text.Length ? text : Cut(text[..length], text.Length);
        var clean = new StringBuilder(text, 0, hidden, length + 32);
        for (var at = hidden; at < length;)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            if (!isRune)
                Escape(clean, text[at]);
            else if (IsHidden(rune))
                Escape(clean, rune.Value);
            else
                clean.Append(text, at, rune.Utf16SequenceLength);
            at += isRune ? rune.Utf16SequenceLength : 1;
        }

        return length == text.Length ? clean.ToString() : Cut(clean.ToString(), text.Length);
    }

    /// <inheritdoc/>
    public override string ToString() => text is null ? "(none)" : Clean(text);

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    private static int IndexOfHidden(string text, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            // Letters, digits and signs of ASCII, which is nearly always everything.
            if (text[at] is >= ' ' and <= '~')
                continue;
            if (!Rune.TryGetRuneAt(text, at, out var rune) || IsHidden(rune))
                return at;
            at += rune.Utf16SequenceLength - 1;
        }

        return -1;
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void Escape(StringBuilder clean, int value) => _ = value switch
    {
        '\n' => clean.Append("\\n"),
        '\r' => clean.Append("\\r"),
        '\t' => clean.Append("\\t"),
        > char.MaxValue => clean.Append(CultureInfo.InvariantCulture, $"\\U{value:X8}"),
        _ => clean.Append(CultureInfo.InvariantCulture, $"\\u{value:X4}"),
    };

    private static string Cut(string shown, int length) => string.Create(CultureInfo.InvariantCulture, $"{shown}… ({length} characters)");
}
