using Carillon.Transports;

namespace Carillon.Tests.Contracts;

public sealed class PositionRangesTests
{
    [Fact]
    public void Of_ShouldJoinWhatTouches_WhenRangesAreInAnyOrder()
    {
        var ranges = PositionRanges.Of([(12, 20), (3, 5), (21, 30), (9, 7), (6, 6), (15, 17)]);

        Assert.Equal("3-6,12-30", ranges.ToString());
        Assert.Equal([3, 4, 5, 6, 12, 30], new long[] { 2, 3, 4, 5, 6, 7, 11, 12, 30, 31 }.Where(ranges.Contains));
        Assert.Equal([(6, 6), (12, 30)], ranges.After(5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Parse_ShouldReadWhatWasWritten_WhenPositionsAreRandom(int seed)
    {
        var random = new Random(seed);
        var positions = Enumerable.Range(0, 300).Select(_ => (long)random.Next(1_000)).ToHashSet();

        var read = PositionRanges.Parse(PositionRanges.Of(positions.Select(static position => (position, position))).ToString());

        Assert.Equal(positions.Order(), Enumerable.Range(0, 1_100).Select(static position => (long)position).Where(read.Contains));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("-")]
    [InlineData("1-")]
    [InlineData("1,x-3")]
    [InlineData("99999999999999999999")]
    [InlineData("7-3")]
    public void Parse_ShouldBeNone_WhenTextIsNotItsOwn(string? text) => Assert.True(PositionRanges.Parse(text).IsEmpty);

    [Fact]
    public void ToString_ShouldKeepTheFirst_WhenThereAreTooMany()
    {
        var ranges = PositionRanges.Of(Enumerable.Range(0, 2 * PositionRanges.Most).Select(static number => (2L * number, 2L * number)));

        var read = PositionRanges.Parse(ranges.ToString());

        Assert.True(read.Contains(2 * (PositionRanges.Most - 1)));
        Assert.False(read.Contains(2 * PositionRanges.Most));
    }
}
