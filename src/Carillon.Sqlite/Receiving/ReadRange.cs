using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>What to read next: the partitions that are furthest behind, up to where the next ones stand.</summary>
/// <param name="After">The position that was read last.</param>
/// <param name="UpTo">The last position to read.</param>
/// <param name="Partitions">A bit for each partition.</param>
internal readonly record struct ReadRange(long After, long UpTo, long Partitions)
{
    // A range that concerns nobody here is walked in steps, so that nothing waits long for a reader.
    private const long LengthMax = 20_000;

    public bool IsEmpty => UpTo <= After;

    public static ReadRange Of(IEnumerable<OwnedPartition> partitions, long head)
    {
        var (after, upTo, mask) = (long.MaxValue, head, 0L);
        foreach (var partition in partitions)
        {
            if (!partition.Progress.TryGetRead(out var read))
                continue;
            var bit = 1L << partition.Partition;
            if (read < after)
            {
                upTo = Math.Min(head, after);
                (after, mask) = (read, bit);
            }
            else if (read == after)
            {
                mask |= bit;
            }
            else
            {
                upTo = Math.Min(upTo, read);
            }
        }

        return new ReadRange(after, mask == 0 ? 0 : Math.Min(upTo, after + LengthMax), mask);
    }

    public bool Contains(int partition) => ((Partitions >> partition) & 1) != 0;
}
