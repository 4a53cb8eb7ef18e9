namespace Carillon.Relational;

/// <summary>The statements about messages that wait for another transport.</summary>
internal static class OutboxSql
{
    /// <summary>When the oldest message of a service was stored that its relay has not passed.</summary>
    public const string OldestUnsent =
        """
        SELECT waiting.recorded FROM carillon_outbox waiting
        JOIN carillon_subscriptions relay ON relay.log = 1 AND relay.service = waiting.source
        JOIN carillon_leases place ON place.subscription = relay.subscription AND place.partition = waiting.partition
        WHERE waiting.source = @service AND waiting.position > place.cursor
            AND waiting.position > (SELECT min(cursor) FROM carillon_leases behind WHERE behind.subscription = relay.subscription)
        ORDER BY waiting.position LIMIT 1
        """;
}
