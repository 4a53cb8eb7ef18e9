namespace Carillon.PostgreSql;

/// <summary>The statements that remove old messages. Each partition has its own point up to which all subscriptions have finished.</summary>
internal static class RetentionSql
{
    public const string DeleteOld =
        """
        DELETE FROM carillon_messages WHERE position = ANY (ARRAY(
            SELECT old.position FROM (
                SELECT numbers.partition, coalesce(min(lease.cursor), 9223372036854775807) AS passed
                FROM generate_series(0::bigint, @last) AS numbers (partition)
                LEFT JOIN (carillon_leases lease JOIN carillon_subscriptions reader ON reader.subscription = lease.subscription AND reader.log = 0)
                    ON lease.partition = numbers.partition
                GROUP BY numbers.partition) place
            CROSS JOIN LATERAL (
                SELECT position, recorded FROM carillon_messages
                WHERE partition = place.partition AND position <= place.passed ORDER BY position LIMIT @limit) old
            WHERE old.recorded IS NULL OR old.recorded < @before
            LIMIT @limit))
        """;

    /// <summary>What the relay of its own service has passed.</summary>
    public const string DeleteSent =
        """
        DELETE FROM carillon_outbox WHERE position = ANY (ARRAY(
            SELECT sent.position FROM carillon_subscriptions relay
            JOIN carillon_leases place ON place.subscription = relay.subscription
            CROSS JOIN LATERAL (
                SELECT position FROM carillon_outbox
                WHERE source = relay.source AND partition = place.partition AND position <= place.cursor ORDER BY position LIMIT @limit) sent
            WHERE relay.log = 1 LIMIT @limit))
        """;
}
