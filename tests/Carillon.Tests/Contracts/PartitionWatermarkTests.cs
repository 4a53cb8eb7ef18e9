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
        Assert.Equal((10, 15, 1, 2), (watermark.Finished, watermark.Read, watermark.Open, watermark.Ahead));
        Assert.True(watermark.Finish(11));
        Assert.Equal((15, 15, 0, 0), (watermark.Finished, watermark.Read, watermark.Open, watermark.Ahead));
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

    /// <summary>One handler is stuck: what finishes behind it must neither fill the memory nor come again without limit.</summary>
    [Fact]
    public void IsTooFarAhead_ShouldStopTheReading_WhenOneMessageTakesForEver()
    {
        var watermark = new PartitionWatermark(0);
        watermark.Take(1);
        watermark.Take(2);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var position = 2L;
        while (!watermark.IsTooFarAhead)
        {
            watermark.Take(++position);
            watermark.Finish(position);
        }

        Assert.Equal((PartitionWatermark.AheadMax, 2), (watermark.Ahead, watermark.Open));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000, "what is finished is remembered one by one");
        watermark.Finish(2);
        Assert.True(watermark.IsTooFarAhead);
        watermark.Finish(1);
        Assert.Equal((false, 0, position), (watermark.IsTooFarAhead, watermark.Ahead, watermark.Finished));
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
            var ahead = new List<long>();
            var (read, finished) = ((long)start, (long)start);
            for (var step = 0; step < 1_000; step++)
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
                        var done = open[open.Count > 3 ? random.Next(2, open.Count) : random.Next(open.Count)];
                        open.Remove(done);
                        ahead.Add(done);
                        var moved = watermark.Finish(done);
                        Assert.Equal(FinishedUpTo(open, read) > finished, moved);
                        break;
                }

                finished = Math.Max(finished, FinishedUpTo(open, read));
                ahead.RemoveAll(position => position <= finished);
                Assert.Equal((open.Count, ahead.Count), (watermark.Open, watermark.Ahead));
                Assert.True((finished, read) == (watermark.Finished, watermark.Read), $"seed {seed}, round {round}, step {step}: expected {finished} of {read}, found {watermark.Finished} of {watermark.Read}");
            }
        }
    }

    private static long FinishedUpTo(List<long> open, long read) => open.Count == 0 ? read : open.Min() - 1;
}
