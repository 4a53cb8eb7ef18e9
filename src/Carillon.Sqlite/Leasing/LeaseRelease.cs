namespace Carillon.Sqlite;

/// <summary>Gives partitions to whoever wants them, with their last cursors; and the instance's membership too, when it leaves.</summary>
internal sealed class LeaseRelease(LeaseHolder holder, IReadOnlyList<Lease> leases, bool leaves) : WriteOperation<bool>
{
    public override bool Run(WriteSession session)
    {
        foreach (var (partition, fence, cursor) in leases)
        {
            session.Prepare(LeasingSql.Release)
                .Set("subscription", holder.Subscription).Set("partition", partition).Set("instance", holder.Instance)
                .Set("fence", fence).Set("cursor", cursor).Execute();
        }

        if (leaves)
            session.Prepare(LeasingSql.Leave).Set("instance", holder.Instance).Execute();
        session.Prepare(LeasingSql.NextGeneration).Set("subscription", holder.Subscription).Execute();
        session.Changed(FileChange.Leases);
        return true;
    }
}
