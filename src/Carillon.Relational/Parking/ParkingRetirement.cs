namespace Carillon.Relational;

/// <summary>
/// Removes what a subscription has set aside, a piece at a time; false while something is left. Its partitions stay known, so that earlier owners are told from later ones.
/// </summary>
internal sealed class ParkingRetirement(string subscription, int limit) : WriteOperation<bool>
{
    public override ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation) => RemoveAsync(session, subscription, limit, cancellation);

    /// <summary>The same as a part of something larger.</summary>
    public static async ValueTask<bool> RemoveAsync(WriteSession session, string subscription, int limit, CancellationToken cancellation)
    {
        var left = limit;
        foreach (var partition in await ReadPartitionsAsync(session, subscription, cancellation))
        {
            await ParkingAccess.LockAsync(session, subscription, partition, cancellation);
            await session.Prepare(ParkingSql.Disown).Set("subscription", subscription).Set("partition", partition).ExecuteAsync(cancellation);
            left -= await session.Prepare(ParkingSql.Of(session).RemoveLast).Set("subscription", subscription).Set("partition", partition).Set("limit", left).ExecuteAsync(cancellation);
            if (left <= 0)
                break;
        }

        if (left > 0)
            left -= await session.Prepare(ParkingSql.Of(session).RemoveSome).Set("subscription", subscription).Set("limit", left).ExecuteAsync(cancellation);
        if (left > 0)
            await session.Prepare(ParkingSql.RemoveStarts).Set("subscription", subscription).ExecuteAsync(cancellation);
        session.Changed(DatabaseChange.Parking);
        return left > 0;
    }

    private static async ValueTask<IReadOnlyList<string>> ReadPartitionsAsync(WriteSession session, string subscription, CancellationToken cancellation)
    {
        var partitions = new List<string>();
        await using var rows = await session.Prepare(ParkingSql.OwnedPartitions).Set("subscription", subscription).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            partitions.Add(rows.Text(0));
        partitions.Sort(StringComparer.Ordinal);
        return partitions;
    }
}
