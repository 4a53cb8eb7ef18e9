namespace Carillon.EntityFrameworkCore;

/// <summary>Tells statements that write from those that only read, by their words. What a function does that a query calls is not seen.</summary>
internal static class CommandText
{
    private static readonly string[] _reading = ["SELECT", "WITH", "VALUES", "TABLE", "SHOW"];
    private static readonly string[] _writing = ["UPDATE", "DELETE", "INSERT", "MERGE", "REPLACE"];

    /// <summary>Whether one of the statements is more than a query, or has a part that writes, as <c>WITH … AS (INSERT …)</c> and <c>SELECT … INTO</c>. In doubt it writes.</summary>
    public static bool Writes(string text)
    {
        var words = new CommandWords(text);
        var (isFirst, before) = (true, "");
        while (words.Next() is { Length: > 0 } word)
        {
            if (word == ";")
                (isFirst, word) = (true, "");
            else if (isFirst && word != "(")
            {
                if (!Is(word, _reading))
                    return true;
                isFirst = false;
            }
            else if (Is(word, ["INTO"]) || (before is "(" or ")" && Is(word, _writing) && words.IsBeforeWord))
                return true;

            before = word;
        }

        return words.HasNestedComment;
    }

    private static bool Is(string word, string[] words) => Array.Exists(words, known => known.Equals(word, StringComparison.OrdinalIgnoreCase));
}
