namespace Carillon.Relational;

/// <summary>
/// An instance goes for good: gives its partitions to whoever wants them, all but those of which messages are still being handled. Those stay its own for one lease time more, and
/// are then free like those of the dead.
/// </summary>
internal sealed class LeaseDeparture(LeaseHolder holder, IReadOnlyList<Lease> leases, IReadOnlyList<Lease> abandoned, TimeSpan leaseTime) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Leases, holder.LockName, cancellation);
        var sql = LeasingSql.Of(session);
        foreach (var lease in leases)
            await LeaseRelease.EndAsync(session, sql.Release, holder, lease, cancellation);
        var kept = 0;
        foreach (var lease in abandoned)
            kept += await LeaseRelease.EndAsync(session, sql.Abandon, holder, lease, cancellation);
        if (kept > 0)
            await session.Prepare(LeasingSql.Depart).Set("instance", holder.Instance).Set("expires", StoredTime.From(session.Now + leaseTime)).ExecuteAsync(cancellation);
        else
            await session.Prepare(LeasingSql.Leave).Set("instance", holder.Instance).ExecuteAsync(cancellation);
        await LeaseRelease.AnnounceAsync(session, holder, cancellation);
        return true;
    }
}
