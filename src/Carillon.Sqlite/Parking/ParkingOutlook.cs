namespace Carillon.Sqlite;

/// <summary>What a subscription may expect of its parked messages.</summary>
/// <param name="IsReady">Something can be claimed now, in some partition.</param>
/// <param name="IsNew">Some of it could not be claimed at the time that was asked about.</param>
/// <param name="Next">When more becomes due or a claim ends, as tables hold times; the largest number for never.</param>
internal readonly record struct ParkingOutlook(bool IsReady, bool IsNew, long Next)
{
    public static ParkingOutlook Read(PreparedConnection connection, (string Subscription, long Now, long Seen) query)
    {
        using var row = connection.Prepare(ParkingSql.Outlook).Set("subscription", query.Subscription).Set("now", query.Now).Set("seen", query.Seen).Read();
        row.Read();
        return new ParkingOutlook(row.GetBoolean(0), row.GetBoolean(1), row.GetInt64(2));
    }
}
