using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Makes due, and lets hold up its key again, what waited in a partition for an instance that can handle it. False when the
/// partition has another owner.</summary>
internal sealed class UnhandledRevival(ParkingOwner owner, HandledTypes handles) : WriteOperation<bool>
{
    public override async ValueTask<bool> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        if (!await ParkingAccess.TryEnterAsync(session, owner, cancellation))
            return false;
        var revived = await FindAsync(session, cancellation);
        foreach (var (parked, _) in revived)
            await session.Prepare(ParkingSql.Revive).Set("parked", parked).Set("now", session.StoredNow).ExecuteAsync(cancellation);
        await KeyOrder.AnswerAsync(session, owner, revived.Select(static message => message.Key), cancellation);
        return true;
    }

    private async ValueTask<List<(long Parked, string? Key)>> FindAsync(WriteSession session, CancellationToken cancellation)
    {
        var found = new List<(long, string?)>();
        await using var rows = await session.Prepare(ParkingSql.Unhandled).Set("subscription", owner.Subscription).Set("partition", owner.Partition).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            if (rows.TextOrNull(2) is { } type && handles.Contains(new HandledType(type, (int)Math.Max(rows.NumberOrZero(3), 1))))
                found.Add((rows.Number(0), rows.TextOrNull(1)));
        }

        return found;
    }
}
