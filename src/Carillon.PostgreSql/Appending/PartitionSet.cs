using System.Numerics;
using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>Some of the partitions of a log, of which there are no more than <see cref="Database.PartitionsMax"/>.</summary>
internal readonly record struct PartitionSet(ulong Bits)
{
    public static PartitionSet None => default;

    public bool IsEmpty => Bits == 0;

    public int Count => BitOperations.PopCount(Bits);

    /// <summary>The one with the lowest number, where there is any.</summary>
    public int First => BitOperations.TrailingZeroCount(Bits);

    public static PartitionSet Of(IEnumerable<int> partitions) => partitions.Aggregate(None, static (set, partition) => set.With(partition));

    public bool Contains(int partition) => (Bits & (1UL << partition)) != 0;

    public PartitionSet With(int partition) => new(Bits | (1UL << partition));

    public PartitionSet With(PartitionSet others) => new(Bits | others.Bits);

    public PartitionSet Without(PartitionSet others) => new(Bits & ~others.Bits);

    public bool Overlaps(PartitionSet other) => (Bits & other.Bits) != 0;

    public bool IsWithin(PartitionSet other) => (Bits & ~other.Bits) == 0;

    /// <summary>One of them, another one with each turn.</summary>
    public int AtTurn(int turn)
    {
        var rest = Bits;
        for (var skipped = turn % Count; skipped > 0; skipped--)
            rest &= rest - 1;
        return BitOperations.TrailingZeroCount(rest);
    }

    /// <summary>Their numbers, ascending.</summary>
    public int[] ToArray()
    {
        var numbers = new int[Count];
        var rest = Bits;
        for (var i = 0; i < numbers.Length; i++, rest &= rest - 1)
            numbers[i] = BitOperations.TrailingZeroCount(rest);
        return numbers;
    }
}
