namespace Carillon.Relational;

/// <summary>
/// Writes down up to where partitions are finished. Where the fence is no longer this one's, nothing changes and the partition is
/// reported: somebody else reads it now.
/// </summary>
internal sealed class CursorMove(LeaseHolder holder, IReadOnlyList<Lease> cursors) : WriteOperation<IReadOnlyList<Lease>>
{
    public override async ValueTask<IReadOnlyList<Lease>> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        List<Lease>? rejected = null;
        var move = session.Prepare(LeasingSql.Of(session).Move);
        foreach (var (partition, fence, cursor) in cursors.OrderBy(static cursor => cursor.Partition))
        {
            var rows = await move
                .Set("subscription", holder.Subscription).Set("partition", partition).Set("instance", holder.Instance)
                .Set("fence", fence).Set("cursor", cursor).ExecuteAsync(cancellation);
            if (rows == 0)
                (rejected ??= []).Add(new Lease(partition, fence, cursor));
        }

        return rejected ?? (IReadOnlyList<Lease>)[];
    }
}
