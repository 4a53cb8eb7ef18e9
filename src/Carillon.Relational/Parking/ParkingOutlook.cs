namespace Carillon.Relational;

/// <summary>What a subscription may expect of its parked messages.</summary>
/// <param name="IsReady">Something can be claimed now, in some partition.</param>
/// <param name="IsNew">Some of it could not be claimed at the time that was asked about.</param>
/// <param name="Next">When more becomes due or a claim ends, as tables hold times; the largest number for never.</param>
internal readonly record struct ParkingOutlook(bool IsReady, bool IsNew, long Next)
{
    public static async ValueTask<ParkingOutlook> ReadAsync(Session session, (string Subscription, long Now, long Seen) query)
    {
        await using var row = await session.Prepare(ParkingSql.Outlook)
            .Set("subscription", query.Subscription).Set("now", query.Now).Set("seen", query.Seen).ReadAsync();
        await row.NextAsync();
        return new ParkingOutlook(row.Number(0) == 1, row.Number(1) == 1, row.IsNull(2) ? long.MaxValue : row.Number(2));
    }
}
