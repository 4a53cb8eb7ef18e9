using Carillon.Relational;
using Carillon.Transports;
namespace Carillon.Sqlite.Tests;

public sealed class OwnedPartitionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Cursor_ShouldNeverPassAnUnfinishedMessage_WhenSettlingIsRandom(int seed)
    {
        var random = new Random(seed);
        var partition = new OwnedPartition(new Lease(0, 1, 0));
        var (finished, open) = (new HashSet<long>(), new Dictionary<long, int>());
        var lastGiven = new Dictionary<long, long>();
        for (var step = 0; step < 5000; step++)
        {
            if (random.Next(2) == 0 && partition.TryGetRead(out var read))
            {
                var position = read + 1;
                if (position % 5 != 0 && partition.Take(position, out var earlier))
                {
                    Assert.DoesNotContain(position, finished);
                    open.Add(position, earlier);
                    lastGiven[position] = step;
                }

                partition.Pass(position);
            }
            else if (open.Count > 0)
            {
                var (position, earlier) = open.ElementAt(random.Next(open.Count));
                open.Remove(position);
                if (random.Next(10) == 0)
                {
                    partition.Return(position, earlier);
                }
                else
                {
                    finished.Add(position);
                    partition.Acknowledge(position, out _);
                }
            }

            if (partition.Unwritten() is { } lease)
            {
                Assert.DoesNotContain(Enumerable.Range(1, (int)lease.Cursor), number => number % 5 != 0 && !finished.Contains(number));
                partition.Wrote(lease.Cursor);
            }
        }

        Assert.True(finished.Count > 1000, $"Only {finished.Count} messages were finished.");
    }

    /// <summary>A partition changes its owner cleanly again and again, and messages finish early: nothing that is finished is handed over again, and nothing is left out.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Take_ShouldHandOverNothingThatIsFinished_WhenOwnersChange(int seed)
    {
        const int count = 3_000;
        var random = new Random(seed);
        var partition = new OwnedPartition(new Lease(0, 1, 0));
        var (finished, open, changes) = (new HashSet<long>(), new Dictionary<long, int>(), 0);
        while (finished.Count < count)
        {
            switch (random.Next(100))
            {
                case < 40 when partition.TryGetRead(out var read) && read < count:
                    var (position, isTaken) = (read + 1, partition.Take(read + 1, out var earlier));
                    Assert.Equal(isTaken, !finished.Contains(position) && !open.ContainsKey(position));
                    if (isTaken)
                        open.Add(position, earlier);
                    partition.Pass(position);
                    break;
                case < 80 when open.Count > 0:
                    var settled = open.Keys.ElementAt(random.Next(open.Count));
                    partition.Acknowledge(settled, out _);
                    open.Remove(settled);
                    finished.Add(settled);
                    break;
                case < 85 when open.Count > 0:
                    var returned = open.Keys.ElementAt(random.Next(open.Count));
                    open.Remove(returned, out var deliveries);
                    partition.Return(returned, deliveries);
                    break;
                case < 87 when open.Count > 0:
                    // Its parked original is finished while it waits in somebody's hands.
                    var early = open.Keys.ElementAt(random.Next(open.Count));
                    partition.FinishEarly(early);
                    open.Remove(early, out var given);
                    partition.Return(early, given);
                    finished.Add(early);
                    break;
                case < 89:
                    var ahead = partition.Close().Cursor + random.Next(1, 50);
                    partition = Next(partition);
                    open.Clear();
                    if (ahead <= count && finished.Add(ahead))
                        partition.FinishEarly(ahead);
                    break;
                case < 90:
                    foreach (var (left, times) in open)
                        partition.Return(left, times);
                    open.Clear();
                    partition = Next(partition);
                    changes++;
                    break;
                default:
                    continue;
            }
        }

        Assert.True(changes > 10, $"The owner changed only {changes} times.");
        Assert.True(partition.Close().Cursor <= count);
    }

    private static OwnedPartition Next(OwnedPartition partition)
    {
        var lease = partition.Close();
        return new OwnedPartition(lease with { Fence = lease.Fence + 1, Finished = PositionRanges.Parse(lease.Finished.ToString()) });
    }

    /// <summary>A handler is stuck at the first message: what would come again after a crash has a limit, and reading goes on when it has ended.</summary>
    [Fact]
    public void TryGetRead_ShouldStopUntilTheFirstMessageIsFinished_WhenThousandsBehindItAre()
    {
        var partition = new OwnedPartition(new Lease(0, 1, 0));
        Assert.True(partition.Take(1, out _));
        var last = 1L;
        while (partition.TryGetRead(out var read) && read < 100_000)
        {
            last = read + 1;
            Assert.True(partition.Take(last, out _));
            partition.Acknowledge(last, out var canGoOn);
            Assert.False(canGoOn);
        }

        Assert.Equal(10_001, last);
        Assert.Null(partition.Unwritten());
        Assert.True(partition.Acknowledge(1, out var goesOn));
        Assert.True(goesOn);
        Assert.True(partition.TryGetRead(out _));
        Assert.Equal(last, partition.Unwritten()!.Value.Cursor);
    }

    [Fact]
    public void Unwritten_ShouldSayNothing_WhenThePartitionIsClosed()
    {
        var partition = new OwnedPartition(new Lease(0, 1, 5));
        Assert.True(partition.Take(6, out _));
        Assert.Equal(5, partition.Close().Cursor);
        partition.Acknowledge(6, out _);
        Assert.Null(partition.Unwritten());
        Assert.False(partition.TryGetRead(out _));
    }
}
