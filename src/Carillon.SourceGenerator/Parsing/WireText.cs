namespace Carillon.SourceGenerator.Parsing;

/// <summary>What names on the wire may look like: the same rules that the runtime applies at start.</summary>
internal static class WireText
{
    private const int MaxLength = 200;

    /// <summary>Whether a text is a name: words of letters, digits, '-' and '_', separated by single dots.</summary>
    public static bool IsName(string? text) =>
        text is { Length: > 0 and <= MaxLength } && text.Split('.').All(IsWord);

    /// <summary>Whether a name was made from a type of the class library, which no message is (G8).</summary>
    public static bool IsClrTypeName(string? text) =>
        text is not null && (text.StartsWith("System.", StringComparison.Ordinal) || text.StartsWith("Microsoft.", StringComparison.Ordinal));

    /// <summary>Whether a text is a name or a pattern: '*' for one word, '>' as the last word for one or more.</summary>
    public static bool IsPattern(string? text)
    {
        if (text is not { Length: > 0 and <= MaxLength })
            return false;
        var words = text.Split('.');
        return words
            .Select((word, index) => word is "*" || IsWord(word) || (word is ">" && index == words.Length - 1))
            .All(isValid => isValid);
    }

    private static bool IsWord(string word) =>
        word.Length > 0 && word.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_');
}
