namespace Carillon.Sqlite;

/// <summary>
/// Writes down up to where partitions are finished. Where the fence is no longer this one's, nothing changes and the partition is
/// reported: somebody else reads it now.
/// </summary>
internal sealed class CursorMove(LeaseHolder holder, IReadOnlyList<Lease> cursors) : WriteOperation<IReadOnlyList<Lease>>
{
    public override IReadOnlyList<Lease> Run(WriteSession session)
    {
        List<Lease>? rejected = null;
        foreach (var (partition, fence, cursor) in cursors)
        {
            var rows = session.Prepare(LeasingSql.Move)
                .Set("subscription", holder.Subscription).Set("partition", partition).Set("instance", holder.Instance)
                .Set("fence", fence).Set("cursor", cursor).Execute();
            if (rows == 0)
                (rejected ??= []).Add(new Lease(partition, fence, cursor));
        }

        return rejected ?? (IReadOnlyList<Lease>)[];
    }
}
