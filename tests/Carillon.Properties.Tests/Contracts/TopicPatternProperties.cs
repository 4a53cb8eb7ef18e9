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

    [Fact]
    public void Parse_ShouldAcceptWhatTheNaiveGrammarDoes_WhenTextIsAnything() => Always.Holds(
        Gen.OneOf(Texts.Valid, Texts.Of(Gen.Elements("a", "b-1", "_", ".", "*", ">", " ", "é", "\n"), 8), Gen.Choose(195, 205).Select(length => new string('a', length))),
        text =>
        {
            Assert.Equal(Topics.IsPattern(text), Parses(text));
            Assert.Equal(Topics.IsPattern(text) && !text.Contains('*') && !text.Contains('>'), TopicPattern.IsTopic(text));
        },
        Smaller.Texts);

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
