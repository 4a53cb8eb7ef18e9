namespace Carillon.EntityFrameworkCore;

/// <summary>The words and signs of a command, one after the other, without comments, texts and quoted names.</summary>
internal sealed class CommandWords(string text)
{
    private int _next;

    /// <summary>Whether a comment was met inside of another one. Whether it ends with its first end or its last depends on the database.</summary>
    public bool HasNestedComment { get; private set; }

    /// <summary>Whether a word comes next, behind quoted names that there may be.</summary>
    public bool IsBeforeWord
    {
        get
        {
            var here = _next;
            var next = Next();
            _next = here;
            return next.Length > 0 && IsInWord(next[0]);
        }
    }

    /// <summary>The next word or sign; empty at the end.</summary>
    public string Next()
    {
        while (_next < text.Length)
        {
            var start = _next;
            if (char.IsWhiteSpace(text[start]))
                _next++;
            else if (EndOfSkipped(start) is { } end)
                _next = Math.Min(end, text.Length);
            else
                return Take(start);
        }

        return "";
    }

    private string Take(int start)
    {
        _next = start + 1;
        if (IsInWord(text[start]))
        {
            while (_next < text.Length && (IsInWord(text[_next]) || text[_next] == '$'))
                _next++;
        }

        return text[start.._next];
    }

    private int? EndOfSkipped(int start) => text.AsSpan(start) switch
    {
        ['-', '-', ..] => After("\n", start),
        ['/', '*', ..] => EndOfComment(start + 2),
        ['E' or 'e', '\'', ..] => EndOfText(start + 2, '\'', hasEscapes: true),
        ['\'' or '"' or '`', ..] => EndOfText(start + 1, text[start], hasEscapes: false),
        ['[', ..] => After("]", start),
        ['$', ..] => EndOfDollars(start),
        _ => null,
    };

    /// <summary>Comments may lie in one another.</summary>
    private int EndOfComment(int start)
    {
        var depth = 1;
        while (depth > 0 && start < text.Length)
        {
            var sign = text.AsSpan(start) switch
            {
                ['/', '*', ..] => 1,
                ['*', '/', ..] => -1,
                _ => 0,
            };
            depth += sign;
            HasNestedComment |= sign > 0;
            start += sign == 0 ? 1 : 2;
        }

        return start;
    }

    private int EndOfText(int start, char quote, bool hasEscapes)
    {
        for (; start < text.Length && text[start] != quote; start++)
        {
            if (hasEscapes && text[start] == '\\')
                start++;
        }

        // A doubled quote begins the next text at once.
        return start + 1;
    }

    private int? EndOfDollars(int start)
    {
        var end = start + 1;
        while (end < text.Length && IsInWord(text[end]))
            end++;
        // A number behind it is a parameter.
        return end < text.Length && text[end] == '$' && (end == start + 1 || !char.IsDigit(text[start + 1])) ? After(text[start..(end + 1)], end + 1) : null;
    }

    private int After(string sign, int start) => text.IndexOf(sign, start, StringComparison.Ordinal) is >= 0 and var found ? found + sign.Length : text.Length;

    private static bool IsInWord(char character) => char.IsLetterOrDigit(character) || character == '_';
}
