using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>What to read of a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="After">The position that was read last.</param>
/// <param name="UpTo">The last position to read; everything up to it is committed.</param>
internal readonly record struct PartitionRange(OwnedPartition Partition, long After, long UpTo);
