namespace Carillon.Relational;

/// <summary>Gives partitions to whoever wants them, with their last cursors. It locks in the order in which cursors are written.</summary>
internal sealed class LeaseRelease(LeaseHolder holder, IReadOnlyList<Lease> leases) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Leases, holder.LockName, cancellation);
        foreach (var lease in leases.OrderBy(static lease => lease.Partition))
            await EndAsync(session, LeasingSql.Of(session).Release, holder, lease, cancellation);
        await AnnounceAsync(session, holder, cancellation);
        return true;
    }

    /// <summary>Writes down where the instance has come to in a partition.</summary>
    public static ValueTask<int> EndAsync(WriteSession session, string sql, LeaseHolder holder, Lease lease, CancellationToken cancellation) =>
        session.Prepare(sql)
            .Set("subscription", holder.Subscription).Set("partition", lease.Partition).Set("instance", holder.Instance)
            .Set("fence", lease.Fence).Set("cursor", lease.Cursor).Set("wanted", lease.Wanted?.ToString())
            .Set("finished", lease.Finished.IsEmpty ? null : lease.Finished.ToString()).ExecuteAsync(cancellation);

    /// <summary>Lets the others look after their leases.</summary>
    public static async ValueTask AnnounceAsync(WriteSession session, LeaseHolder holder, CancellationToken cancellation)
    {
        await session.Prepare(LeasingSql.NextGeneration).Set("subscription", holder.Subscription).ExecuteAsync(cancellation);
        session.Changed(DatabaseChange.Leases);
    }
}
