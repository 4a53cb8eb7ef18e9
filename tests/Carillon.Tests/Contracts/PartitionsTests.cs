using Carillon.Transports;

namespace Carillon.Tests.Contracts;

/// <summary>Stored messages rely on the partition of their key: these numbers never change.</summary>
public sealed class PartitionsTests
{
    [Theory]
    [InlineData("", 5, 261)]
    [InlineData("a", 12, 220)]
    [InlineData("foobar", 8, 720)]
    [InlineData("order-1", 13, 949)]
    [InlineData("é漢😀", 2, 18)]
    public void Of_ShouldBeFrozen_WhenKeyIsKnown(string key, int of16, int of1000) =>
        Assert.Equal((of16, of1000, 0), (Partitions.Of(key, 16), Partitions.Of(key, 1000), Partitions.Of(key, 1)));

    [Fact]
    public void Of_ShouldBeFrozen_WhenKeyIsLongerThanTheStackBuffer() =>
        Assert.Equal(73, Partitions.Of(new string('k', 300), 1000));

    [Fact]
    public void Of_ShouldSpreadKeys_WhenThereAreMany()
    {
        var counts = new int[16];
        for (var number = 0; number < 16_000; number++)
            counts[Partitions.Of($"order-{number}", 16)]++;

        Assert.All(counts, count => Assert.InRange(count, 600, 1400));
    }
}
