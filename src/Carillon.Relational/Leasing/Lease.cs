namespace Carillon.Relational;

/// <summary>The right of one instance to read a partition for a subscription.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Fence">Grows with every change of owner: what is written with an older one has no effect.</param>
/// <param name="Cursor">Up to where everything was finished when the lease was taken.</param>
internal readonly record struct Lease(int Partition, long Fence, long Cursor);
