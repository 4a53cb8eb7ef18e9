using System.Text.Json;

namespace Carillon.Relational;

/// <summary>What can be claimed in some partitions, and when more can be.</summary>
/// <param name="Ready">The partitions in which something can be claimed now.</param>
/// <param name="Next">When something becomes due in another one, as tables hold times; the largest number for never.</param>
internal sealed record ParkingOutlook(IReadOnlySet<string> Ready, long Next)
{
    // By so much the clocks of processes may differ. What waits from a later time on than that shows that the clock went back.
    private const long Tolerance = 2 * TimeSpan.TicksPerSecond;

    /// <summary>The time from which on nothing can wait unless the clock went back.</summary>
    public static long Ahead(long now) => now + Tolerance;

    public static async ValueTask<ParkingOutlook> ReadAsync(Session session, (string Subscription, IReadOnlyCollection<string> Partitions, long Now) query)
    {
        var ready = new HashSet<string>(StringComparer.Ordinal);
        var next = long.MaxValue;
        await using var rows = await session.Prepare(ParkingSql.Of(session).Outlook)
            .Set("subscription", query.Subscription).Set("partitions", JsonSerializer.Serialize(query.Partitions, ParkingJsonContext.Default.IReadOnlyCollectionString)).ReadAsync();
        while (await rows.NextAsync())
        {
            if (rows.IsNull(1))
                continue;
            if (rows.Number(1) <= query.Now || rows.Number(2) > Ahead(query.Now))
                ready.Add(rows.Text(0));
            else
                next = Math.Min(next, rows.Number(1));
        }

        return new ParkingOutlook(ready, next);
    }
}
