using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>What waits in a partition for an instance that can handle it.</summary>
/// <param name="IsAny">Whether there is anything at all.</param>
/// <param name="Handled">What an instance handles of it, as much as is dealt with at once.</param>
/// <param name="Waiting">The types of the rest, where <paramref name="IsAll"/>.</param>
/// <param name="IsAll">Whether there is no more than that.</param>
internal sealed record UnhandledMessages(bool IsAny, IReadOnlyList<UnhandledMessage> Handled, IReadOnlyCollection<RoutedType> Waiting, bool IsAll)
{
    private const int AtOnce = 10_000;

    public static async ValueTask<UnhandledMessages> ReadAsync(Session session, (ParkingOwner Owner, HandledMessages Handles) query)
    {
        var handled = new List<UnhandledMessage>();
        var waiting = new HashSet<RoutedType>();
        var isAny = false;
        await using var rows = await session.Prepare(ParkingSql.Unhandled).Set("subscription", query.Owner.Subscription).Set("partition", query.Owner.Partition).ReadAsync();
        while (await rows.NextAsync())
        {
            isAny = true;
            if (RoutedType.Of(rows.TextOrNull(2), (int)Math.Clamp(rows.NumberOrZero(3), 1, int.MaxValue), (MessageKind)rows.NumberOrZero(4), rows.TextOrNull(5)) is not { } message)
                continue;
            if (!query.Handles.Contains(message))
                waiting.Add(message);
            else if (handled.Count == AtOnce)
                return new UnhandledMessages(isAny, handled, waiting, IsAll: false);
            else
                handled.Add(new UnhandledMessage(rows.Number(0), rows.TextOrNull(1)));
        }

        return new UnhandledMessages(isAny, handled, waiting, IsAll: true);
    }
}
