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

    /// <summary>
    /// Who keeps messages from before <c>@before</c> from being removed: of each partition only what is first behind a cursor is looked at.
    /// </summary>
    public const string Held =
        """
        SELECT s.service, s.name, CASE WHEN EXISTS (SELECT 1 FROM carillon_instances i WHERE i.subscription = s.subscription AND i.gone IS NULL AND i.expires > @now) THEN 1::bigint ELSE 0::bigint END,
            held.recorded, (SELECT max(position) FROM carillon_messages) - l.cursor, pg_total_relation_size(held.tableoid)
        FROM carillon_leases l
        JOIN carillon_subscriptions s ON s.subscription = l.subscription AND s.log = 0
        CROSS JOIN LATERAL (
            SELECT m.tableoid, m.recorded FROM carillon_messages m WHERE m.partition = l.partition AND m.position > l.cursor ORDER BY m.position LIMIT 1) held
        WHERE coalesce(held.recorded, 0) < @before
        ORDER BY held.recorded NULLS FIRST, s.name LIMIT 1
        """;
}
