using System.Text.Json;
using Carillon.Parking;
using Carillon.Transports;

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

    /// <summary>Makes the first message of each of some keys its head, with as many statements for a thousand keys as for one.</summary>
    /// <returns>Of each key whether there is one.</returns>
    public static async ValueTask<Dictionary<string, bool>> RestoreAsync(WriteSession session, ParkingOwner owner, IEnumerable<string?> keys, CancellationToken cancellation)
    {
        var heldUp = keys.OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(static key => key, static _ => false, StringComparer.Ordinal);
        string[] together = [.. heldUp.Keys.Where(StorableText.IsStorable)];
        // Not every database finds others again in JSON.
        string[] apart = together.Length == 1 ? [.. heldUp.Keys] : [.. heldUp.Keys.Where(static key => !StorableText.IsStorable(key))];
        if (together.Length > 1)
            await RestoreTogetherAsync(session, owner, together, heldUp, cancellation);
        foreach (var key in apart)
            heldUp[key] = await RestoreAsync(session, owner.Subscription, owner.Partition, key, cancellation);
        return heldUp;
    }

    private static async ValueTask RestoreTogetherAsync(WriteSession session, ParkingOwner owner, string[] keys, Dictionary<string, bool> heldUp, CancellationToken cancellation)
    {
        var sql = ParkingSql.Of(session);
        var byIndexed = keys.ToDictionary(static key => IndexedText.Of(key), StringComparer.Ordinal);
        var asked = JsonSerializer.Serialize(byIndexed.Keys, ParkingJsonContext.Default.IReadOnlyCollectionString);
        var first = new List<long>();
        await using (var rows = await OfPartition(sql.FirstOfEach).Set("keys", asked).ReadAsync(cancellation))
        {
            while (await rows.NextAsync(cancellation))
            {
                if (rows.IsNull(1))
                    continue;
                heldUp[byIndexed[rows.Text(0)]] = true;
                first.Add(rows.Number(1));
            }
        }

        var heads = JsonSerializer.Serialize(first, ParkingJsonContext.Default.IReadOnlyListInt64);
        await OfPartition(sql.UnmarkOthers).Set("keys", asked).Set("heads", heads).ExecuteAsync(cancellation);
        await session.Prepare(sql.MarkAll).Set("heads", heads).ExecuteAsync(cancellation);

        Statement OfPartition(string text) => session.Prepare(text).Set("subscription", owner.Subscription).Set("partition", owner.Partition);
    }

    /// <summary>Restores the order of keys, and tells an owner what is left of them.</summary>
    public static async ValueTask<ParkingAnswer> AnswerAsync(WriteSession session, ParkingOwner owner, IEnumerable<string?> keys, CancellationToken cancellation)
    {
        var heldUp = await RestoreAsync(session, owner, keys, cancellation);
        session.Changed(DatabaseChange.Parking);
        return new ParkingAnswer(heldUp, await session.Prepare(ParkingSql.LastReplay).Set("subscription", owner.Subscription).NumberAsync(cancellation) ?? 0);
    }
}
