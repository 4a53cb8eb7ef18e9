using Carillon.Transports;

namespace Carillon.Tests.Contracts;

public sealed class TopicPatternTests
{
    private static readonly string[] _words = ["order", "created", "item", "a", "b-c", "D_9"];

    [Theory]
    [InlineData("order.created", "order.created", true)]
    [InlineData("order.created", "order.Created", false)]
    [InlineData("order.created", "order", false)]
    [InlineData("order", "order.created", false)]
    [InlineData("order.*", "order.created", true)]
    [InlineData("order.*", "order.item.added", false)]
    [InlineData("order.*", "order", false)]
    [InlineData("*.created", "order.created", true)]
    [InlineData("order.>", "order.item.added", true)]
    [InlineData("order.>", "order.created", true)]
    [InlineData("order.>", "order", false)]
    [InlineData("order.>", "orders.created", false)]
    [InlineData(">", "order", true)]
    [InlineData(">", "order.created", true)]
    [InlineData(">", "", false)]
    [InlineData("*", "order", true)]
    [InlineData("*", "", false)]
    [InlineData("order.*", "order.", false)]
    public void Matches_ShouldFollowTheRules_WhenPatternMeetsTopic(string pattern, string topic, bool expected) =>
        Assert.Equal(expected, TopicPattern.Parse(pattern).Matches(topic));

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Matches_ShouldAgreeWithNaiveMatcher_WhenPatternsAreRandom(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 20_000; round++)
        {
            var pattern = RandomPattern(random);
            var topic = string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => _words[random.Next(3)]));
            Assert.True(NaiveMatches(pattern.Split('.'), topic.Split('.')) == TopicPattern.Parse(pattern).Matches(topic), $"seed {seed}: {pattern} and {topic}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("order.")]
    [InlineData(".order")]
    [InlineData("order..created")]
    [InlineData("order.>.created")]
    [InlineData(">.order")]
    [InlineData("order.cre*")]
    [InlineData("order.**")]
    [InlineData("order created")]
    [InlineData("ördér")]
    [InlineData("order/created")]
    [InlineData("order.\0")]
    public void Parse_ShouldThrowInvalidName_WhenTextIsNoPattern(string text)
    {
        var error = Assert.Throws<CarillonConfigurationException>(() => TopicPattern.Parse(text));

        Assert.Equal(ErrorCodes.InvalidName, error.Code);
        Assert.Contains($"\"{text.Replace("\0", "\\u0000", StringComparison.Ordinal)}\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void IsTopic_ShouldLimitLength_WhenTextIsLong(int length, bool expected) =>
        Assert.Equal(expected, TopicPattern.IsTopic(new string('a', length)));

    [Theory]
    [InlineData("order.created", true)]
    [InlineData("a", true)]
    [InlineData("order.*", false)]
    [InlineData("order.>", false)]
    [InlineData(null, false)]
    public void IsTopic_ShouldBeFalse_WhenTextHasWildcardOrIsMissing(string? text, bool expected) =>
        Assert.Equal(expected, TopicPattern.IsTopic(text));

    [Fact]
    public void Matches_ShouldAllocateNothing_WhenCalledOften()
    {
        var pattern = TopicPattern.Parse("order.*.added");
        var matches = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
            matches += pattern.Matches("order.item.added") ? 1 : 0;

        Assert.Equal((1000, 0), (matches, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    private static string RandomPattern(Random random)
    {
        var words = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(3) == 0 ? "*" : _words[random.Next(3)]).ToList();
        if (random.Next(3) == 0)
            words[^1] = ">";
        return string.Join('.', words);
    }

    private static bool NaiveMatches(string[] pattern, string[] topic) => pattern is []
        ? topic is []
        : pattern[0] == ">" ? topic.Length > 0 : topic.Length > 0 && (pattern[0] == "*" || pattern[0] == topic[0]) && NaiveMatches(pattern[1..], topic[1..]);
}
