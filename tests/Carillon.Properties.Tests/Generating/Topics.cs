using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Generating;

/// <summary>Topics and patterns that have much in common, and a matcher as plain as can be.</summary>
internal static class Topics
{
    private const int LongestTopic = 200;

    private static readonly Gen<string> _words = Gen.Elements("a", "b", "A", "order", "order-1", "created_x", "0");

    private static readonly Gen<string> _topics = Gen.Choose(1, 5).SelectMany(count => Gen.CollectToArray(Enumerable.Repeat(_words, count))).Select(words => string.Join('.', words));

    /// <summary>A pattern and a topic of which one was made from the other, so that matches and near misses are frequent.</summary>
    public static Gen<(string Pattern, string Topic)> Related { get; } =
        from topic in _topics
        from pattern in PatternLike(topic)
        from other in Gen.Frequency((3, Gen.Constant(topic)), (1, _topics), (1, Gen.Elements($"{topic}.a", $"a.{topic}", topic.Split('.')[0], topic.ToUpperInvariant())))
        select (pattern, other);

    /// <summary>Texts that are no topics but might stand in a row that somebody wrote.</summary>
    public static Gen<string> Broken { get; } = Texts.Of(Gen.Elements("a", "b", "order", ".", "..", "*", ">", "?", "[a]", " ", "é", "漢"), 6);

    public static bool IsPattern(string text)
    {
        var words = text.Split('.');
        return text.Length <= LongestTopic && words.Select((word, index) => word switch
        {
            "*" => true,
            ">" => index == words.Length - 1,
            _ => word.Length > 0 && word.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_'),
        }).All(isGood => isGood);
    }

    public static bool Matches(string pattern, string topic) => Matches(pattern.Split('.'), topic.Split('.'));

    public static IEnumerable<(string Pattern, string Topic)> Simpler((string Pattern, string Topic) given) =>
        Running.Smaller.Sequences(given.Pattern.Split('.')).Where(words => words.Length > 0).Select(words => string.Join('.', words)).Where(IsPattern).Select(pattern => (pattern, given.Topic))
            .Concat(Running.Smaller.Sequences(given.Topic.Split('.')).Where(words => words.Length > 0).Select(words => (given.Pattern, string.Join('.', words))));

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> topic)
    {
        if (pattern.Length == 0 || topic.Length == 0)
            return pattern.Length == topic.Length;
        return pattern[0] == ">" || ((pattern[0] == "*" || pattern[0] == topic[0]) && Matches(pattern[1..], topic[1..]));
    }

    private static Gen<string> PatternLike(string topic)
    {
        var words = topic.Split('.');
        return from stars in Gen.CollectToArray(words.Select(word => Gen.Frequency((3, Gen.Constant(word)), (2, Gen.Constant("*")), (1, _words))))
               from cut in Gen.Choose(0, words.Length)
               from endsOpen in Gen.Elements(true, false)
               select string.Join('.', endsOpen ? [.. stars[..cut], ">"] : stars);
    }
}
