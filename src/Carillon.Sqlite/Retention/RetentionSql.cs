namespace Carillon.Sqlite;

/// <summary>The statements that remove old messages.</summary>
internal static class RetentionSql
{
    /// <summary>Up to where every subscription has finished; null when there is none.</summary>
    public const string Passed = "SELECT min(cursor) FROM carillon_leases WHERE subscription IN (SELECT subscription FROM carillon_subscriptions)";

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

    public const string DeleteHandled =
        "DELETE FROM carillon_inbox WHERE rowid IN (SELECT rowid FROM carillon_inbox WHERE handled < @before ORDER BY handled LIMIT @limit)";

    public const string Pages = "SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count)";
    public const string PageSize = "SELECT page_size FROM pragma_page_size";

    /// <summary>Who keeps the oldest messages from being removed.</summary>
    public const string Slowest =
        "SELECT s.name FROM carillon_subscriptions s JOIN carillon_leases l ON l.subscription = s.subscription ORDER BY l.cursor LIMIT 1";
}
