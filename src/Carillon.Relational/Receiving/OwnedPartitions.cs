namespace Carillon.Relational;

/// <summary>The partitions that an instance reads now. Changed by the receiver's own loop only; looked at by others.</summary>
internal sealed class OwnedPartitions
{
    private OwnedPartition?[] _byNumber = [];

    public IEnumerable<OwnedPartition> All => Volatile.Read(ref _byNumber).OfType<OwnedPartition>();

    public OwnedPartition? Find(int partition)
    {
        var all = Volatile.Read(ref _byNumber);
        return partition < all.Length ? all[partition] : null;
    }

    public void Add(IEnumerable<Lease> leases)
    {
        var next = new OwnedPartition?[Database.PartitionsMax];
        _byNumber.CopyTo(next, 0);
        foreach (var lease in leases)
            next[lease.Partition] = new OwnedPartition(lease);
        Volatile.Write(ref _byNumber, next);
    }

    /// <summary>Removes partitions and tells which of them were there.</summary>
    public IReadOnlyList<OwnedPartition> Remove(IEnumerable<int> partitions)
    {
        var next = (OwnedPartition?[])_byNumber.Clone();
        var removed = new List<OwnedPartition>();
        foreach (var partition in partitions)
        {
            if (partition >= next.Length || next[partition] is not { } owned)
                continue;
            removed.Add(owned);
            next[partition] = null;
        }

        Volatile.Write(ref _byNumber, next);
        return removed;
    }
}
