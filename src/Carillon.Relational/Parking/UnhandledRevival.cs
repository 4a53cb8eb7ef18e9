using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Makes due, and lets hold up its key again, what waited in a partition for an instance that can handle it.</summary>
internal sealed class UnhandledRevival(string subscription, string partition, HandledTypes handles) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        await session.LockAsync(LockScope.Parking, subscription, cancellation);
        var revived = await FindAsync(session, cancellation);
        foreach (var (parked, _) in revived)
            await session.Prepare(ParkingSql.Revive).Set("parked", parked).Set("now", session.StoredNow).ExecuteAsync(cancellation);
        foreach (var key in revived.Select(message => message.Key).Distinct(StringComparer.Ordinal))
            await KeyOrder.RestoreAsync(session, subscription, partition, key, cancellation);
        if (revived.Count > 0)
            session.Changed(DatabaseChange.Parking);
        return revived.Count > 0;
    }

    private async ValueTask<List<(long Parked, string? Key)>> FindAsync(WriteSession session, CancellationToken cancellation)
    {
        var found = new List<(long, string?)>();
        await using var rows = await session.Prepare(ParkingSql.Unhandled).Set("subscription", subscription).Set("partition", partition).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            if (rows.TextOrNull(2) is { } type && handles.Contains(new HandledType(type, (int)Math.Max(rows.NumberOrZero(3), 1))))
                found.Add((rows.Number(0), rows.TextOrNull(1)));
        }

        return found;
    }
}
