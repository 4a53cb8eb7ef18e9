using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>A partition that an instance reads by the right of a lease.</summary>
internal sealed class OwnedPartition(Lease lease)
{
    public int Partition => lease.Partition;

    public long Fence => lease.Fence;

    public string Name => Assignment.Partition;

    /// <summary>The partition as the sink is told about it.</summary>
    public AssignedPartition Assignment { get; } = lease.ToAssignment();

    /// <summary>Where the instance stands in it.</summary>
    public PartitionProgress Progress { get; } = new(lease.Cursor, lease.Finished, lease.Wanted);

    /// <summary>The cursor to write down; null when there is nothing new.</summary>
    public Lease? Unwritten() => Progress.Unwritten() is { } cursor ? lease with { Cursor = cursor } : null;

    /// <summary>Ends it.</summary>
    /// <returns>The lease with its last cursor.</returns>
    public Lease Close()
    {
        var end = Progress.Close();
        return lease with { Cursor = end.Cursor, Wanted = end.Wanted, Finished = end.Finished };
    }
}
