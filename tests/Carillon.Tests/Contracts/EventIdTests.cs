namespace Carillon.Tests.Contracts;

public sealed class EventIdTests
{
    private const string Uuid = "0190a5b4-1234-7abc-8def-0123456789ab";

    [Theory]
    [InlineData(Uuid)]
    [InlineData("0190A5B4-1234-7ABC-8DEF-0123456789AB")]
    [InlineData("0190a5b412347abc8def0123456789ab")]
    [InlineData("{0190a5b4-1234-7abc-8def-0123456789ab}")]
    [InlineData("order/1")]
    [InlineData(" ")]
    [InlineData("00000000-0000-0000-0000-000000000001")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void ToString_ShouldGiveTheTextBack_WhenItWasParsed(string text) => Assert.Equal(text, EventId.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Parse_ShouldGiveTheEmptyId_WhenThereIsNoText(string? text)
    {
        var id = EventId.Parse(text);

        Assert.True(id.IsEmpty);
        Assert.Equal((default, ""), (id, id.ToString()));
    }

    [Fact]
    public void Equals_ShouldGoByText_WhenIdsWereMadeInTwoWays()
    {
        Assert.Equal(new EventId(Guid.Parse(Uuid)), EventId.Parse(Uuid));
        Assert.Equal(new EventId(Guid.Parse(Uuid)).GetHashCode(), EventId.Parse(Uuid).GetHashCode());
        Assert.True(EventId.Parse(Uuid) != EventId.Parse(Uuid.ToUpperInvariant()));
        Assert.True(EventId.Parse("a") == EventId.Parse("a"));
        Assert.False(EventId.Parse("a").Equals((object)"a"));
    }

    [Theory]
    [InlineData(Uuid, true)]
    [InlineData("0190A5B4-1234-7ABC-8DEF-0123456789AB", false)]
    [InlineData("00000000-0000-0000-0000-000000000000", false)]
    [InlineData("order/1", false)]
    [InlineData("", false)]
    public void TryGetUuid_ShouldSucceed_WhenTextIsALowerCaseUuid(string text, bool expected)
    {
        Assert.Equal(expected, EventId.Parse(text).TryGetUuid(out var uuid));
        Assert.Equal(expected ? Guid.Parse(Uuid) : default, uuid);
    }
}
