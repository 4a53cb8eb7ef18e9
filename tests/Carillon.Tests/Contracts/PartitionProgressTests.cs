using Carillon.Transports;

namespace Carillon.Tests.Contracts;

public sealed class PartitionProgressTests
{
    private static readonly RoutedType _later = RoutedType.Parse("order.placed:2@order.placed");

    /// <summary>Messages of three keys, one of which fills more than its share, are read, settled, returned and read again: the cursor never passes one that is not finished, and each key keeps its order.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Cursor_ShouldNeverPassAnUnfinishedMessage_WhenSettlingIsRandom(int seed)
    {
        const int inHandMax = 8;
        var random = new Random(seed);
        var partition = new PartitionProgress(0, PositionRanges.None);
        var (finished, open) = (new HashSet<long>(), new Dictionary<long, int>());
        for (var step = 0; step < 10_000; step++)
        {
            var room = new DeliveryRoom(inHandMax - open.Count, long.MaxValue);
            if (room.Messages > 0 && random.Next(2) == 0 && partition.TryGetRead(out var read))
            {
                var position = read + 1;
                if (position % 5 != 0 && partition.Take(Message(position), room, out var earlier))
                    HandOver(position, earlier);
                partition.Pass(position);
            }
            else if (room.Messages > 0 && random.Next(3) == 0)
            {
                foreach (var left in partition.TakeLeft(room.Messages, ref room).Where(left => partition.HandsOver(left)))
                    HandOver(left.Message.Position, left.EarlierDeliveries);
            }
            else if (open.Count > 0)
            {
                Settle(open.Keys.ElementAt(random.Next(open.Count)));
            }

            if (partition.Unwritten() is { } cursor)
            {
                Assert.DoesNotContain(Enumerable.Range(1, (int)cursor), number => number % 5 != 0 && !finished.Contains(number));
                partition.Wrote(cursor);
            }
        }

        Assert.True(finished.Count > 1000, $"Only {finished.Count} messages were finished.");

        void HandOver(long position, int earlier)
        {
            Assert.DoesNotContain(position, finished);
            Assert.DoesNotContain(open.Keys, other => other > position && KeyOf(other) == KeyOf(position));
            Assert.DoesNotContain(finished, other => other > position && KeyOf(other) == KeyOf(position));
            open.Add(position, earlier);
        }

        // As a lane does: the first of a key is settled first, and when it is returned, all behind it are.
        void Settle(long chosen)
        {
            var ofKey = open.Keys.Where(position => KeyOf(position) == KeyOf(chosen)).Order().ToArray();
            if (random.Next(10) > 0)
            {
                open.Remove(ofKey[0]);
                finished.Add(ofKey[0]);
                partition.Acknowledge(Message(ofKey[0]), out _);
                return;
            }

            foreach (var position in ofKey)
            {
                open.Remove(position, out var earlier);
                partition.Return(Message(position), earlier);
            }
        }
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
        var partition = new PartitionProgress(0, PositionRanges.None);
        var (finished, open, left, changes) = (new HashSet<long>(), new Dictionary<long, int>(), new HashSet<long>(), 0);
        while (finished.Count < count)
        {
            switch (random.Next(100))
            {
                case < 40 when partition.TryGetRead(out var read) && read < count:
                    TakeNext(partition, read + 1, random.Next(1, 20), finished, open, left);
                    break;
                case < 50:
                    TakeLeft(partition, random.Next(1, 20), finished, open, left);
                    break;
                case < 80 when open.Count > 0:
                    var settled = open.Keys.ElementAt(random.Next(open.Count));
                    partition.Acknowledge(Message(settled), out _);
                    open.Remove(settled);
                    finished.Add(settled);
                    break;
                case < 85 when open.Count > 0:
                    var returned = open.Keys.ElementAt(random.Next(open.Count));
                    open.Remove(returned, out var deliveries);
                    partition.Return(Message(returned), deliveries);
                    left.Clear();
                    break;
                case < 87 when open.Count > 0:
                    // Its parked original is finished while it waits in somebody's hands.
                    var early = open.Keys.ElementAt(random.Next(open.Count));
                    partition.FinishEarly(early);
                    open.Remove(early, out var given);
                    partition.Return(Message(early), given);
                    finished.Add(early);
                    left.Clear();
                    break;
                case < 88 when left.Count > 0:
                    // The same, while it is left behind.
                    var behind = left.ElementAt(random.Next(left.Count));
                    partition.FinishEarly(behind);
                    finished.Add(behind);
                    break;
                case < 89:
                    var (next0, cursor) = Next(partition);
                    partition = next0;
                    open.Clear();
                    left.Clear();
                    var ahead = cursor + random.Next(1, 50);
                    if (ahead <= count && finished.Add(ahead))
                        partition.FinishEarly(ahead);
                    break;
                case < 90:
                    ReturnAll(partition, open);
                    left.Clear();
                    (partition, _) = Next(partition);
                    changes++;
                    break;
                default:
                    continue;
            }
        }

        Assert.True(changes > 10, $"The owner changed only {changes} times.");
        Assert.True(partition.Close().Cursor <= count);
    }

    private static void TakeNext(PartitionProgress partition, long position, int room, HashSet<long> finished, Dictionary<long, int> open, HashSet<long> left)
    {
        var isTaken = partition.Take(Message(position), new DeliveryRoom(room, long.MaxValue), out var earlier);
        Assert.False(isTaken && (finished.Contains(position) || open.ContainsKey(position) || left.Contains(position)));
        if (isTaken)
            open.Add(position, earlier);
        else if (!finished.Contains(position) && !open.ContainsKey(position))
            left.Add(position);
        partition.Pass(position);
    }

    /// <summary>A handler is stuck at the first message: what would come again after a crash has a limit, and reading goes on when it has ended.</summary>
    [Fact]
    public void TryGetRead_ShouldStopUntilTheFirstMessageIsFinished_WhenThousandsBehindItAre()
    {
        var partition = new PartitionProgress(0, PositionRanges.None);
        Assert.True(Take(partition, 1, "stuck"));
        var last = 1L;
        while (partition.TryGetRead(out var read) && read < 100_000)
        {
            last = read + 1;
            Assert.True(Take(partition, last, null));
            partition.Acknowledge(new KeyedPosition(last, null, 1), out var canGoOn);
            Assert.False(canGoOn);
        }

        Assert.Equal(10_001, last);
        Assert.Null(partition.Unwritten());
        Assert.True(partition.Acknowledge(new KeyedPosition(1, "stuck", 1), out var goesOn));
        Assert.True(goesOn);
        Assert.True(partition.TryGetRead(out _));
        Assert.Equal(last, partition.Unwritten());
    }

    [Fact]
    public void Unwritten_ShouldSayNothing_WhenThePartitionIsClosed()
    {
        var partition = new PartitionProgress(5, PositionRanges.None);
        Assert.True(Take(partition, 6, "k"));
        Assert.Equal(5, partition.Close().Cursor);
        partition.Acknowledge(new KeyedPosition(6, "k", 1), out _);
        Assert.Null(partition.Unwritten());
        Assert.False(partition.TryGetRead(out _));
    }

    /// <summary>What was left behind is the business of this owner alone: the next one reads it like anything else.</summary>
    [Fact]
    public void Close_ShouldGiveOnNeitherLeftNorOpenMessages_WhenOthersBehindThemAreFinished()
    {
        var partition = ReadPast(4);
        Assert.True(Take(partition, 5, "cold"));
        partition.Acknowledge(new KeyedPosition(5, "cold", 1), out _);

        var end = partition.Close();

        Assert.Equal((0, "5"), (end.Cursor, end.Finished.ToString()));
    }

    /// <summary>A parked original was finished while its copy was left behind: the copy is finished as well, and the cursor goes on.</summary>
    [Fact]
    public void HandsOver_ShouldSayNo_WhenTheMessageIsFinishedMeanwhile()
    {
        var partition = ReadPast(2);
        partition.FinishEarly(2);
        partition.Acknowledge(new KeyedPosition(1, "hot", 1), out var canGoOn);

        var left = Assert.Single(TakeLeft(partition));

        Assert.True(canGoOn);
        Assert.False(partition.HandsOver(left));
        Assert.Equal(2, partition.Unwritten());
    }

    /// <summary>One of a key's messages is for another instance by now: those behind it must not be handed over before it.</summary>
    [Fact]
    public void HandsOver_ShouldSayNo_WhenAMessageBeforeItWasGivenUp()
    {
        var partition = ReadPast(3);
        partition.Acknowledge(new KeyedPosition(1, "hot", 1), out _);
        var left = TakeLeft(partition);
        Assert.Equal([2, 3], left.Select(message => message.Message.Position));

        partition.GiveUp(left[0]);

        Assert.False(partition.HandsOver(left[1]));
        Assert.True(partition.TryGetRead(out var read));
        Assert.Equal(1, read);
        partition.StopBefore(2, _later);
        Assert.False(Take(partition, 3, "hot"));
        Assert.True(partition.IsDone);
        Assert.Equal((1, _later), (partition.Close().Cursor, partition.Close().Wanted));
    }

    /// <summary>A message came back while the next ones were read: they wait for it.</summary>
    [Fact]
    public void Take_ShouldLetMessagesComeAgain_WhenAnEarlierOneIsReturnedMeanwhile()
    {
        var partition = new PartitionProgress(0, PositionRanges.None);
        Assert.True(Take(partition, 1, "k"));
        Assert.True(Take(partition, 2, "other"));
        partition.Return(new KeyedPosition(1, "k", 1), 0);

        Assert.False(Take(partition, 3, "k"));
        partition.Pass(3);
        partition.Acknowledge(new KeyedPosition(2, "other", 1), out var canGoOn);

        Assert.True(canGoOn);
        Assert.True(partition.TryGetRead(out var read));
        Assert.Equal(0, read);
        Assert.True(partition.Take(new KeyedPosition(1, "k", 1), DeliveryRoom.Unlimited, out var first));
        Assert.False(Take(partition, 2, "other"));
        Assert.True(partition.Take(new KeyedPosition(3, "k", 1), DeliveryRoom.Unlimited, out var third));
        Assert.Equal((1, 0), (first, third));
    }

    /// <summary>A partition stays with its owner until what was left behind is handled as well.</summary>
    [Fact]
    public void IsDone_ShouldBeFalse_WhenMessagesAreLeftBehind()
    {
        var partition = ReadPast(2);
        partition.StopBefore(3, _later);
        partition.Acknowledge(new KeyedPosition(1, "hot", 1), out _);
        Assert.False(partition.IsDone);

        Assert.True(partition.HandsOver(Assert.Single(TakeLeft(partition))));
        partition.Acknowledge(new KeyedPosition(2, "hot", 1), out var canGoOn);

        Assert.True(canGoOn);
        Assert.True(partition.IsDone);
    }

    private static void TakeLeft(PartitionProgress partition, int places, HashSet<long> finished, Dictionary<long, int> open, HashSet<long> left)
    {
        var room = new DeliveryRoom(places, long.MaxValue);
        foreach (var next in partition.TakeLeft(20, ref room))
        {
            left.Remove(next.Message.Position);
            Assert.Equal(!finished.Contains(next.Message.Position), partition.HandsOver(next));
            if (!finished.Contains(next.Message.Position))
                open.Add(next.Message.Position, next.EarlierDeliveries);
        }
    }

    private static void ReturnAll(PartitionProgress partition, Dictionary<long, int> open)
    {
        foreach (var (waiting, times) in open)
            partition.Return(Message(waiting), times);
        open.Clear();
    }

    private static string? KeyOf(long position) => (position % 7) switch
    {
        0 => "cold",
        1 => $"own-{position}",
        _ => "hot",
    };

    private static KeyedPosition Message(long position) => new(position, KeyOf(position), 1);

    private static bool Take(PartitionProgress partition, long position, string? key) =>
        partition.Take(new KeyedPosition(position, key, 1), DeliveryRoom.Unlimited, out _);

    /// <summary>One message of a key is in hand, the others are left behind.</summary>
    private static PartitionProgress ReadPast(int count)
    {
        var partition = new PartitionProgress(0, PositionRanges.None);
        for (var position = 1; position <= count; position++)
            Assert.Equal(position == 1, partition.Take(new KeyedPosition(position, "hot", 1), new DeliveryRoom(1, 1_000), out _));
        return partition;
    }

    private static IReadOnlyList<LeftMessage> TakeLeft(PartitionProgress partition)
    {
        var room = DeliveryRoom.Unlimited;
        return partition.TakeLeft(100, ref room);
    }

    private static (PartitionProgress Partition, long Cursor) Next(PartitionProgress partition)
    {
        var end = partition.Close();
        return (new PartitionProgress(end.Cursor, PositionRanges.Parse(end.Finished.ToString())), end.Cursor);
    }
}
