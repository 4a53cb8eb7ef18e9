using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>The right of one instance to read a partition for a subscription.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Fence">Grows with every change of owner: what is written with an older one has no effect.</param>
/// <param name="Cursor">Up to where everything was finished when the lease was taken.</param>
internal readonly record struct Lease(int Partition, long Fence, long Cursor)
{
    /// <summary>The type and topic of the next message: when it is taken, if the owner before has stopped because of it; when it is given back, if it is for another instance.</summary>
    public RoutedType? Wanted { get; init; }

    /// <summary>What is finished beyond the cursor: when it is taken, by earlier owners that gave it back; when it is given back, by this one too.</summary>
    public PositionRanges Finished { get; init; } = PositionRanges.None;

    /// <summary>When it is taken: whether the owner before did not give it back, and may have died in the middle of something.</summary>
    public bool IsFromTheDead { get; init; }

    /// <summary>The partition as the sink is told about it.</summary>
    public AssignedPartition ToAssignment() => new(Partitions.Name(Partition), Fence) { ReadAfter = Cursor, IsFromTheDead = IsFromTheDead };
}
