using System.Text.Json;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Makes due, and lets hold up its key again, what waited in a partition for an instance that can handle it, and tells the types of what waits on. Null when the
/// partition has another owner.</summary>
internal sealed class UnhandledRevival(ParkingOwner owner, HandledMessages handles) : WriteOperation<IReadOnlyCollection<RoutedType>?>
{
    private const int AtOnce = 1_000;

    public override async ValueTask<IReadOnlyCollection<RoutedType>?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        if (!await ParkingAccess.TryEnterAsync(session, owner, cancellation))
            return null;
        var (revived, waiting) = await FindAsync(session, cancellation);
        foreach (var some in revived.Chunk(AtOnce))
        {
            await session.Prepare(ParkingSql.Of(session).Revive).Set("now", session.StoredNow)
                .Set("revived", JsonSerializer.Serialize([.. some.Select(static message => message.Parked)], ParkingJsonContext.Default.IReadOnlyListInt64)).ExecuteAsync(cancellation);
        }

        await KeyOrder.AnswerAsync(session, owner, revived.Select(static message => message.Key), cancellation);
        return waiting;
    }

    private async ValueTask<(List<(long Parked, string? Key)> Revived, HashSet<RoutedType> Waiting)> FindAsync(WriteSession session, CancellationToken cancellation)
    {
        var found = new List<(long, string?)>();
        var waiting = new HashSet<RoutedType>();
        await using var rows = await session.Prepare(ParkingSql.Unhandled).Set("subscription", owner.Subscription).Set("partition", owner.Partition).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
        {
            if (RoutedType.Of(rows.TextOrNull(2), (int)Math.Clamp(rows.NumberOrZero(3), 1, int.MaxValue), (MessageKind)rows.NumberOrZero(4), rows.TextOrNull(5)) is not { } message)
                continue;
            if (handles.Contains(message))
                found.Add((rows.Number(0), rows.TextOrNull(1)));
            else
                waiting.Add(message);
        }

        return (found, waiting);
    }
}
