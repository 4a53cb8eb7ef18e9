namespace Carillon.Conformance.Transports;

/// <summary>Texts that are as long as a message's attributes may be, and that no store can compress.</summary>
internal static class LongTexts
{
    private const int FirstIdeograph = 0x4E00;
    private const int Ideographs = 20_000;

    /// <summary>A text of so many characters, each of three bytes in UTF-8. The same for the same arguments.</summary>
    /// <param name="length">How many characters.</param>
    /// <param name="last">Its last character: two texts that differ in it are the same otherwise.</param>
    public static string Of(int length, char last)
    {
        var random = new Random(length);
        return string.Create(length, last, (text, end) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = (char)(FirstIdeograph + random.Next(Ideographs));
            text[^1] = end;
        });
    }
}
