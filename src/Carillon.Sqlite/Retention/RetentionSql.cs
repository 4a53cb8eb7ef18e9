namespace Carillon.Sqlite;

/// <summary>The statements that remove old messages.</summary>
internal static class RetentionSql
{
    /// <summary>Up to where every subscription has finished; null when there is none.</summary>
    public const string Passed = "SELECT min(cursor) FROM carillon_leases WHERE subscription IN (SELECT subscription FROM carillon_subscriptions WHERE log = 0)";

    public const string DeleteOld =
        """
        DELETE FROM carillon_messages WHERE position IN (
            SELECT position FROM (SELECT position, recorded FROM carillon_messages WHERE position <= @passed ORDER BY position LIMIT @limit)
            WHERE recorded IS NULL OR recorded < @before)
        """;

    public const string DeleteOldest =
        """
        DELETE FROM carillon_messages WHERE position IN (
            SELECT position FROM carillon_messages WHERE position <= @passed ORDER BY position LIMIT @limit)
        """;

    /// <summary>What the relay of its own service has passed.</summary>
    public const string DeleteSent =
        """
        DELETE FROM carillon_outbox WHERE position IN (
            SELECT sent.position FROM carillon_subscriptions relay
            JOIN carillon_leases place ON place.subscription = relay.subscription
            JOIN carillon_outbox sent ON sent.source = relay.source AND sent.partition = place.partition AND sent.position <= place.cursor
            WHERE relay.log = 1 LIMIT @limit)
        """;

    public const string Pages = "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count)";
    public const string PageSize = "SELECT page_size FROM pragma_page_size";

    /// <summary>Who keeps messages from before <c>@before</c> from being removed.</summary>
    public const string Held =
        """
        SELECT s.service, s.name, EXISTS (SELECT 1 FROM carillon_instances i WHERE i.subscription = s.subscription AND i.gone IS NULL AND i.expires > @now),
            held.recorded, (SELECT max(position) FROM carillon_messages) - slowest.cursor, @size
        FROM (SELECT l.subscription, l.cursor FROM carillon_leases l JOIN carillon_subscriptions r ON r.subscription = l.subscription AND r.log = 0 ORDER BY l.cursor LIMIT 1) slowest
        JOIN carillon_subscriptions s ON s.subscription = slowest.subscription
        JOIN carillon_messages held ON held.position = (SELECT min(position) FROM carillon_messages WHERE position > slowest.cursor)
        WHERE coalesce(held.recorded, 0) < @before
        """;
}
