namespace Carillon.Relational;

/// <summary>Keeps the order of a key: everything up to its first message that holds others back is free, the rest waits.</summary>
internal static class KeyOrder
{
    public static async ValueTask RestoreAsync(WriteSession session, string subscription, string partition, string? key, CancellationToken cancellation)
    {
        if (key is null)
            return;
        var sql = ParkingSql.Of(session);
        var (position, parked) = await FirstAsync(session, subscription, partition, key, cancellation) ?? (long.MaxValue, long.MaxValue);
        await session.Prepare(sql.Free).Set("subscription", subscription).Set("partition", partition).Set("key", key).Set("position", position).Set("parked", parked).ExecuteAsync(cancellation);
        await session.Prepare(sql.Hold).Set("subscription", subscription).Set("partition", partition).Set("key", key).Set("position", position).Set("parked", parked).ExecuteAsync(cancellation);
    }

    /// <summary>Runs a statement that changes one message and returns whose, of which partition and of which key it was; then restores the order of that key.</summary>
    /// <param name="session">Inside the transaction.</param>
    /// <param name="parked">The message's number.</param>
    /// <param name="statement">Takes the number as <c>@parked</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether there was such a message.</returns>
    public static async ValueTask<bool> ChangeAsync(WriteSession session, long parked, Statement statement, CancellationToken cancellation)
    {
        if (await session.Prepare(ParkingSql.Owner).Set("parked", parked).TextAsync(cancellation) is not { } owner)
            return false;
        await session.LockAsync(LockScope.Parking, owner, cancellation);
        string subscription;
        string partition;
        string? key;
        await using (var row = await statement.Set("parked", parked).ReadAsync(cancellation))
        {
            if (!await row.NextAsync(cancellation))
                return false;
            (subscription, partition, key) = (row.Text(0), row.Text(1), row.TextOrNull(2));
        }

        await RestoreAsync(session, subscription, partition, key, cancellation);
        session.Changed(DatabaseChange.Parking);
        return true;
    }

    private static async ValueTask<(long Position, long Parked)?> FirstAsync(WriteSession session, string subscription, string partition, string key, CancellationToken cancellation)
    {
        await using var row = await session.Prepare(ParkingSql.Of(session).First).Set("subscription", subscription).Set("partition", partition).Set("key", key).ReadAsync(cancellation);
        return await row.NextAsync(cancellation) ? (row.Number(0), row.Number(1)) : null;
    }
}
