using Carillon.Properties.Tests.Generating;
using Carillon.Properties.Tests.Running;
using Carillon.Transports;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Contracts;

public sealed class TopicPatternProperties
{
    [Fact]
    public void Matches_ShouldDoAsTheNaiveMatcher_WhenPatternAndTopicAreRelated()
    {
        var matches = 0;

        Always.Holds(
            Topics.Related,
            given =>
            {
                var expected = Topics.Matches(given.Pattern, given.Topic);
                Assert.Equal(expected, TopicPattern.Parse(given.Pattern).Matches(given.Topic));
                matches += expected ? 1 : 0;
            },
            Topics.Simpler);

        Assert.True(matches > TestSettings.Cases / 10 || TestSettings.Replay is not null, $"only {matches} topics matched: the cases show little");
    }

    /// <summary>What a pattern includes, and what two have in common, is what the topics say that they match.</summary>
    [Fact]
    public void Includes_ShouldAgreeWithWhatIsMatched_WhenPatternsAreSmall()
    {
        string[] words = ["a", "b", "*", ">"];
        string[] topics = [.. Combinations(["a", "b", "c"], 4)];
        TopicPattern[] patterns = [.. Combinations(words, 3).Where(Topics.IsPattern).Select(TopicPattern.Parse)];
        foreach (var (one, other) in patterns.SelectMany(one => patterns.Select(other => (one, other))))
        {
            Assert.True(topics.Where(topic => Topics.Matches(other.Text, topic)).All(topic => Topics.Matches(one.Text, topic)) == one.Includes(other), $"{one} and {other}");
            Assert.True(topics.Any(topic => Topics.Matches(other.Text, topic) && Topics.Matches(one.Text, topic)) == one.Meets(other), $"{one} and {other}");
        }
    }

    [Fact]
    public void Parse_ShouldAcceptWhatTheNaiveGrammarDoes_WhenTextIsAnything() => Always.Holds(
        Gen.OneOf(Texts.Valid, Texts.Of(Gen.Elements("a", "b-1", "_", ".", "*", ">", " ", "é", "\n"), 8), Gen.Choose(195, 205).Select(length => new string('a', length))),
        text =>
        {
            Assert.Equal(Topics.IsPattern(text), Parses(text));
            Assert.Equal(Topics.IsPattern(text) && !text.Contains('*') && !text.Contains('>'), TopicPattern.IsTopic(text));
        },
        Smaller.Texts);

    private static IEnumerable<string> Combinations(string[] words, int most) =>
        most == 1 ? words : words.Concat(Combinations(words, most - 1).SelectMany(rest => words.Select(word => $"{word}.{rest}"))).Distinct();

    private static bool Parses(string text)
    {
        try
        {
            return TopicPattern.Parse(text).Text == text;
        }
        catch (CarillonConfigurationException error)
        {
            Assert.Equal(ErrorCodes.InvalidName, error.Code);
            return false;
        }
    }
}
