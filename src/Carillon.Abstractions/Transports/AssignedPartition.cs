namespace Carillon.Transports;

/// <summary>A partition that an instance owns from now on.</summary>
/// <param name="Partition">The name of the partition.</param>
/// <param name="Fence">
/// A number that grows whenever the partition gets another owner, for as long as the partition lives, so that whoever comes too late is known to come too
/// late. Null where the transport has none.
/// </param>
public readonly record struct AssignedPartition(string Partition, long? Fence = null)
{
    /// <summary>
    /// The position after which its messages are delivered to this owner: those up to there are finished and never come again. Null where the transport
    /// cannot tell, or has no positions.
    /// </summary>
    public long? ReadAfter { get; init; }

    /// <summary>
    /// Whether the owner before has not given it back, as far as the transport knows: its process may have died, and perhaps of a message that is
    /// delivered again now.
    /// </summary>
    public bool IsFromTheDead { get; init; }
}
