using Carillon.Transports;

namespace Carillon.Tests.Contracts;

public sealed class PartitionWatermarkTests
{
    [Fact]
    public void Finish_ShouldNotStepOver_WhenFirstMessageIsOpen()
    {
        var watermark = new PartitionWatermark(10);
        foreach (var position in new[] { 11, 12, 15 })
            watermark.Take(position);

        Assert.False(watermark.Finish(12));
        Assert.False(watermark.Finish(15));
        Assert.Equal((10, 15, 3), (watermark.Finished, watermark.Read, watermark.Open));
        Assert.True(watermark.Finish(11));
        Assert.Equal((15, 15, 0), (watermark.Finished, watermark.Read, watermark.Open));
    }

    [Fact]
    public void Finish_ShouldReachUpToTheNextOpenMessage_WhenPositionsHaveGaps()
    {
        var watermark = new PartitionWatermark(0);
        watermark.Take(5);
        watermark.Take(9);

        Assert.Equal(4, watermark.Finished);
        Assert.True(watermark.Finish(5));
        Assert.Equal(8, watermark.Finished);
    }

    [Fact]
    public void Pass_ShouldMoveTheWatermark_WhenNothingIsOpen()
    {
        var watermark = new PartitionWatermark(3);

        watermark.Pass(20);
        watermark.Pass(7);

        Assert.Equal((20, 20), (watermark.Finished, watermark.Read));
    }

    [Fact]
    public void Pass_ShouldNotStepOver_WhenMessageIsOpen()
    {
        var watermark = new PartitionWatermark(0);
        watermark.Take(4);

        watermark.Pass(20);

        Assert.Equal((3, 20), (watermark.Finished, watermark.Read));
        Assert.True(watermark.Finish(4));
        Assert.Equal(20, watermark.Finished);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Watermark_ShouldAgreeWithNaiveModel_WhenCallsAreRandom(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var start = random.Next(100);
            var watermark = new PartitionWatermark(start);
            var open = new List<long>();
            var (read, finished) = ((long)start, (long)start);
            for (var step = 0; step < 100; step++)
            {
                var next = read + random.Next(1, 5);
                switch (random.Next(3))
                {
                    case 0:
                        watermark.Take(next);
                        open.Add(next);
                        read = next;
                        break;
                    case 1:
                        watermark.Pass(next);
                        read = next;
                        break;
                    case 2 when open.Count > 0:
                        var done = open[random.Next(open.Count)];
                        open.Remove(done);
                        var moved = watermark.Finish(done);
                        Assert.Equal(FinishedUpTo(open, read) > finished, moved);
                        break;
                }

                finished = Math.Max(finished, FinishedUpTo(open, read));
                Assert.True((finished, read) == (watermark.Finished, watermark.Read), $"seed {seed}, round {round}, step {step}: expected {finished} of {read}, found {watermark.Finished} of {watermark.Read}");
            }
        }
    }

    private static long FinishedUpTo(List<long> open, long read) => open.Count == 0 ? read : open.Min() - 1;
}
