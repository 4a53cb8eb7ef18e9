using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Generating;

/// <summary>Texts of every kind.</summary>
internal static class Texts
{
    private const int Longest = 5000;

    private static readonly string[] _odd =
    [
        "", " ", "\0", "\n", "\r\n", "\t", "\"", "\\", "'; DROP TABLE messages; --", "%_[*]?", "{\"a\":1}", "null", "0", "-1", "1.5", "1,5", "true", "İstanbul ıI", "ß", "ẞ",
        "e\u0301", "\u00e9", "\u200b", "\u202e", "\ufeff", "\u061c", "\ufffd", "\U0001F514", "\U0010FFFF", "👩‍👩‍👧", "٣٫٥", "2026-01-02T03:04:05Z", "@p0 :x $1 ?",
    ];

    private static readonly Gen<string> _rune = Gen.Frequency(
        (6, Gen.Choose(0x20, 0x7E)), (2, Gen.Choose(0x80, 0x7FF)), (2, Gen.Choose(0x800, 0xD7FF)), (1, Gen.Choose(0xE000, 0xFFFF)), (2, Gen.Choose(0x10000, 0x10FFFF)), (1, Gen.Choose(0, 0x1F)))
        .Select(code => new Rune(code).ToString());

    private static readonly Gen<string> _surrogate = Gen.Choose(0xD800, 0xDFFF).Select(code => ((char)code).ToString());

    /// <summary>Any text that is valid Unicode: in every script, with control characters, empty and long ones.</summary>
    public static Gen<string> Valid { get; } = Gen.Frequency(
        (6, Of(_rune, 20)), (6, Of(Gen.Elements(_odd), 3)), (1, Gen.Choose(0, Longest).Select(length => new string('x', length))));

    /// <summary>Any text or none.</summary>
    public static Gen<string?> ValidOrNull { get; } = Gen.Frequency((1, Gen.Constant<string?>(null)), (5, Valid.Select(text => (string?)text)));

    /// <summary>Any sequence of characters at all, halves of surrogate pairs included, or none.</summary>
    public static Gen<string?> Wild { get; } = Gen.Frequency((4, ValidOrNull), (1, Of(Gen.OneOf(_rune, _surrogate), 20).Select(text => (string?)text)));

    /// <summary>Texts put together of pieces.</summary>
    public static Gen<string> Of(Gen<string> pieces, int most) =>
        from count in Gen.Choose(0, most)
        from chosen in Gen.CollectToArray(Enumerable.Repeat(pieces, count))
        select string.Concat(chosen);
}
