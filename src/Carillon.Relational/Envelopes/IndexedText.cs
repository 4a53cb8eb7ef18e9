using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Carillon.Relational;

/// <summary>
/// A text of any length in a form that every index holds. An index of PostgreSQL holds some 2,700 bytes per row, over all of its columns, and refuses the row
/// otherwise; a message may come with any text.
/// </summary>
internal static class IndexedText
{
    /// <summary>The longest text that is indexed as it is, in bytes of UTF-8. An index that is shared by two such texts has room left for the names beside them.</summary>
    public const int MostBytes = 512;

    private const int HashBytes = 16;

    /// <summary>Whether the text is indexed in another form than its own.</summary>
    public static bool IsLong(string? text) => text is not null && text.Length > MostBytes / 3 && Encoding.UTF8.GetByteCount(text) > MostBytes;

    /// <summary>
    /// The text, or its beginning and a hash of all of it where it is too long. That is longer than any text that is kept as it is, so that the two are never
    /// taken for each other.
    /// </summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        if (text is null || !IsLong(text))
            return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        var end = MostBytes;
        while ((bytes[end] & 0xC0) == 0x80)
            end--;
        var hash = SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()));
        return $"{Encoding.UTF8.GetString(bytes, 0, end)}#{Convert.ToHexStringLower(hash.AsSpan(0, HashBytes))}";
    }
}
