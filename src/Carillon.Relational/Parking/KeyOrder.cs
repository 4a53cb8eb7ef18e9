using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Keeps the order of a key: its first message that holds others back is its head, and nothing else is.</summary>
internal static class KeyOrder
{
    /// <summary>Makes the first message of a key its head. Takes as long for a million messages as for one.</summary>
    /// <returns>Whether there is one.</returns>
    public static async ValueTask<bool> RestoreAsync(WriteSession session, string subscription, string partition, string key, CancellationToken cancellation)
    {
        var sql = ParkingSql.Of(session);
        var indexed = IndexedText.Of(key);
        var first = await session.Prepare(sql.First).Set("subscription", subscription).Set("partition", partition).Set("key", indexed).NumberAsync(cancellation);
        if (first is null)
            return false;
        await session.Prepare(sql.Unmark).Set("subscription", subscription).Set("partition", partition).Set("key", indexed).Set("first", first).ExecuteAsync(cancellation);
        await session.Prepare(ParkingSql.Mark).Set("first", first).ExecuteAsync(cancellation);
        return true;
    }

    /// <summary>Restores the order of keys, and tells an owner what is left of them.</summary>
    public static async ValueTask<ParkingAnswer> AnswerAsync(WriteSession session, ParkingOwner owner, IEnumerable<string?> keys, CancellationToken cancellation)
    {
        var heldUp = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var key in keys.OfType<string>().Distinct(StringComparer.Ordinal))
            heldUp.Add(key, await RestoreAsync(session, owner.Subscription, owner.Partition, key, cancellation));
        session.Changed(DatabaseChange.Parking);
        return new ParkingAnswer(heldUp, await session.Prepare(ParkingSql.LastReplay).Set("subscription", owner.Subscription).NumberAsync(cancellation) ?? 0);
    }
}
