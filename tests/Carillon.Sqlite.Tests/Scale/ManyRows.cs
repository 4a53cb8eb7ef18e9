using System.Globalization;

namespace Carillon.Sqlite.Tests;

/// <summary>How many rows a test of size works with, and statements that make them.</summary>
internal static class ManyRows
{
    private const string Now = "CAST((julianday('now') - 2440587.5) * 864000000000 AS INTEGER)";

    // Carillon's own writer moves its log into the database as it goes; otherwise the first to open the file reads all of it.
    private const string Checkpoint = "; PRAGMA wal_checkpoint(TRUNCATE)";

    /// <summary>200,000, or what <c>CARILLON_TEST_ROWS</c> says: 10,000,000 in the long form.</summary>
    public static long Count { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("CARILLON_TEST_ROWS"), CultureInfo.InvariantCulture, out var rows) ? rows : 200_000;

    private static string Numbers => $"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Count})";

    /// <summary>Messages in the order of their positions, over 16 partitions and 1,000 keys.</summary>
    public static void InsertMessages(TemporaryFolder folder, string table) => Database.Execute(folder,
        $$"""
        {{Numbers}} INSERT INTO {{table}} (partition, recorded, topic, kind, id, source, type, version, key, priority, body)
        SELECT n % 16, {{Now}}, 'order.created', 0, 'm' || n, '/services/orders', 'order.created', 1, 'key-' || (n % 1000), 1, CAST('{"orderId":"1"}' AS BLOB) FROM numbers{{Checkpoint}}
        """);

    /// <summary>Handled messages, one half of them from more than a week ago.</summary>
    public static void InsertHandled(TemporaryFolder folder) => Database.Execute(folder,
        $"""
        {Numbers} INSERT INTO carillon_inbox (subscription, source, id, body_hash, handled)
        SELECT 'inventory', '/services/orders', 'm' || n, x'00', {Now} - CASE WHEN n % 2 = 0 THEN 864000000000 * 8 ELSE 0 END FROM numbers{Checkpoint}
        """);
}
