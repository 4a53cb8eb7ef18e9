using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Carillon.Transports;

/// <summary>
/// A topic's name, or a pattern for several: words separated by dots, in which <c>*</c> stands for exactly one word and a final
/// <c>&gt;</c> for one or more. <c>order.*</c> matches <c>order.created</c>; <c>order.&gt;</c> also <c>order.item.added</c>.
/// In JSON it is its text.
/// </summary>
[JsonConverter(typeof(TopicPatternJsonConverter))]
public readonly record struct TopicPattern
{
    private TopicPattern(string text) => Text = text;

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether the pattern holds a wildcard.</summary>
    public bool HasWildcard => Text.AsSpan().IndexOfAny('*', '>') >= 0;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="CarillonConfigurationException">
    /// With <see cref="ErrorCodes.InvalidName"/>: a word is empty or holds anything but letters, digits, <c>-</c> and <c>_</c>, or a wildcard
    /// stands where it may not.
    /// </exception>
    public static TopicPattern Parse(string text) => TryParse(text) ?? throw new CarillonConfigurationException(ErrorCodes.InvalidName,
        $"\"{text}\" is not a topic or pattern: write words of letters, digits, '-' and '_' separated by dots, '*' for one word, '>' as the last word for one or more.");

    /// <summary>Reads a pattern, or returns null when it is none.</summary>
    public static TopicPattern? TryParse(string? text) => IsValid(text) ? new TopicPattern(text) : null;

    /// <summary>Whether a text is the name of one topic: a pattern without wildcards.</summary>
    public static bool IsTopic(string? text) => IsValid(text) && text.AsSpan().IndexOfAny('*', '>') < 0;

    /// <summary>Whether the pattern matches the topic. Allocates nothing.</summary>
    public bool Matches(ReadOnlySpan<char> topic)
    {
        ReadOnlySpan<char> pattern = Text;
        while (true)
        {
            var wanted = TakeWord(ref pattern, out var lastWanted);
            if (wanted is ">")
                return topic.Length > 0;
            var word = TakeWord(ref topic, out var lastWord);
            if (word.Length == 0 || !(wanted is "*" || wanted.SequenceEqual(word)))
                return false;
            if (lastWanted || lastWord)
                return lastWanted == lastWord;
        }
    }

    /// <summary>Whether every topic that <paramref name="other"/> matches is matched by this pattern too.</summary>
    public bool Includes(TopicPattern other) => Compare(other, static (mine, theirs) => mine is "*" ? theirs is not ">" : mine.SequenceEqual(theirs), static (mine, _) => mine is ">");

    /// <summary>Whether there are topics that both patterns match.</summary>
    public bool Meets(TopicPattern other) => Compare(
        other, static (mine, theirs) => mine is "*" || theirs is "*" || mine.SequenceEqual(theirs), static (mine, theirs) => mine is ">" || theirs is ">");

    /// <inheritdoc/>
    public override string ToString() => Text;

    private bool Compare(
        TopicPattern other, Func<ReadOnlySpan<char>, ReadOnlySpan<char>, bool> isWord, Func<ReadOnlySpan<char>, ReadOnlySpan<char>, bool> isRest)
    {
        ReadOnlySpan<char> mine = Text;
        ReadOnlySpan<char> theirs = other.Text;
        while (true)
        {
            var word = TakeWord(ref mine, out var isLast);
            var theirWord = TakeWord(ref theirs, out var isTheirLast);
            if (isRest(word, theirWord))
                return true;
            if (!isWord(word, theirWord) || isLast != isTheirLast)
                return false;
            if (isLast)
                return true;
        }
    }

    private static ReadOnlySpan<char> TakeWord(ref ReadOnlySpan<char> text, out bool isLast)
    {
        var dot = text.IndexOf('.');
        isLast = dot < 0;
        var word = isLast ? text : text[..dot];
        text = isLast ? [] : text[(dot + 1)..];
        return word;
    }

    private static bool IsValid([NotNullWhen(true)] string? text)
    {
        if (text is null || text.Length is 0 or > 200)
            return false;
        ReadOnlySpan<char> rest = text;
        while (true)
        {
            var word = TakeWord(ref rest, out var isLast);
            if (word is ">" ? !isLast : word is not "*" && !IsWord(word))
                return false;
            if (isLast)
                return true;
        }
    }

    private static bool IsWord(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        }

        return word.Length > 0;
    }
}
