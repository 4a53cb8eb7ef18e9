namespace Carillon.Relational;

/// <summary>Gives partitions to whoever wants them, with their last cursors; and the instance's membership too, when it leaves.</summary>
internal sealed class LeaseRelease(LeaseHolder holder, IReadOnlyList<Lease> leases, bool leaves) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Leases, holder.LockName, cancellation);
        foreach (var lease in leases)
        {
            await session.Prepare(LeasingSql.Of(session).Release)
                .Set("subscription", holder.Subscription).Set("partition", lease.Partition).Set("instance", holder.Instance)
                .Set("fence", lease.Fence).Set("cursor", lease.Cursor).Set("wanted", lease.Wanted?.ToString())
                .Set("finished", lease.Finished.IsEmpty ? null : lease.Finished.ToString()).ExecuteAsync(cancellation);
        }

        if (leaves)
            await session.Prepare(LeasingSql.Leave).Set("instance", holder.Instance).ExecuteAsync(cancellation);
        await session.Prepare(LeasingSql.NextGeneration).Set("subscription", holder.Subscription).ExecuteAsync(cancellation);
        session.Changed(DatabaseChange.Leases);
        return true;
    }
}
