using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>A partition of a subscription, as its row says.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Fence">Which change of owner the latest one was.</param>
/// <param name="Shared">Whose it is, and what it waits for.</param>
internal readonly record struct StoredLease(int Partition, long Fence, SharedPartition Shared);
