namespace Carillon.Relational;

/// <summary>Removes what a subscription has set aside. Its partitions stay known, so that earlier owners are told from later ones.</summary>
internal sealed class ParkingRetirement(string subscription) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await RemoveAsync(session, subscription, cancellation);
        return true;
    }

    /// <summary>The same as a part of something larger.</summary>
    public static async ValueTask RemoveAsync(WriteSession session, string subscription, CancellationToken cancellation)
    {
        foreach (var partition in await ReadPartitionsAsync(session, subscription, cancellation))
        {
            await ParkingAccess.LockAsync(session, subscription, partition, cancellation);
            await session.Prepare(ParkingSql.Disown).Set("subscription", subscription).Set("partition", partition).ExecuteAsync(cancellation);
        }

        await session.Prepare(ParkingSql.RemoveAll).Set("subscription", subscription).ExecuteAsync(cancellation);
        await session.Prepare(ParkingSql.RemoveStarts).Set("subscription", subscription).ExecuteAsync(cancellation);
        session.Changed(DatabaseChange.Parking);
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
