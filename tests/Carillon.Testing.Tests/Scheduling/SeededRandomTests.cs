using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Tests.Scheduling;

public sealed class SeededRandomTests
{
    /// <summary>The numbers are part of what a seed means: they must not change, or seeds in reports find something else.</summary>
    [Fact]
    public void NextUInt64_ShouldGiveTheSameNumbers_WhenTheSeedIsTheSame()
    {
        var random = new SeededRandom(42);

        Assert.Equal([1546998764402558742UL, 6990951692964543102UL, 12544586762248559009UL], [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()]);
    }

    [Fact]
    public void Next_ShouldStayInRange_WhenRangesAreGiven()
    {
        var random = new SeededRandom(1);

        for (var i = 0; i < 10_000; i++)
        {
            Assert.InRange(random.Next(7), 0, 6);
            Assert.InRange(random.Next(-3, 4), -3, 3);
            Assert.InRange(random.NextInt64(long.MinValue, long.MaxValue), long.MinValue, long.MaxValue - 1);
            Assert.InRange(random.NextDouble(), 0, 0.9999999999999999);
            Assert.InRange(random.Next(), 0, int.MaxValue);
        }
    }

    [Fact]
    public void Fork_ShouldGiveOtherNumbers_WhenBothGoOn()
    {
        var random = new SeededRandom(1);
        var fork = random.Fork();

        Assert.NotEqual(random.NextUInt64(), fork.NextUInt64());
    }
}
