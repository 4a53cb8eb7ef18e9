namespace Carillon.Relational;

/// <summary>The statements about messages that wait for another transport.</summary>
internal static class OutboxSql
{
    /// <summary>When the oldest message of a service was stored that its relay has not passed.</summary>
    public const string OldestUnsent =
        """
        SELECT recorded FROM carillon_outbox
        WHERE source = (SELECT relay.source FROM carillon_subscriptions relay WHERE relay.log = 1 AND relay.service = @service)
            AND position > (SELECT min(place.cursor) FROM carillon_leases place WHERE place.subscription = (SELECT relay.subscription FROM carillon_subscriptions relay WHERE relay.log = 1 AND relay.service = @service))
            AND position > (SELECT place.cursor FROM carillon_leases place WHERE place.partition = carillon_outbox.partition
                AND place.subscription = (SELECT relay.subscription FROM carillon_subscriptions relay WHERE relay.log = 1 AND relay.service = @service))
        ORDER BY position LIMIT 1
        """;
}
