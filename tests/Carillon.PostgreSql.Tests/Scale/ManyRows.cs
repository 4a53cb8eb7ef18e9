using System.Globalization;
using Carillon.Tests;

namespace Carillon.PostgreSql.Tests;

/// <summary>How many rows a test of size works with, and statements that make them.</summary>
internal static class ManyRows
{
    /// <summary>200,000, or what <c>CARILLON_TEST_ROWS</c> says: 10,000,000 in the long form.</summary>
    public static long Count { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("CARILLON_TEST_ROWS"), CultureInfo.InvariantCulture, out var rows) ? rows : 200_000;

    /// <summary>Messages in the order of their positions, over 16 partitions and 1,000 keys.</summary>
    public static Task InsertMessagesAsync(TestDatabase database, string table = "carillon_messages") => database.ExecuteAsync(
        $$"""
        INSERT INTO {{table}} (partition, recorded, topic, kind, id, source, type, version, key, priority, body)
        SELECT n % 16, {{DatabaseTime.Now}}, 'order.created', 0, 'm' || n, '/services/orders', 'order.created', 1, 'key-' || (n % 1000), 1, '{"orderId":"1"}'::bytea
        FROM generate_series(1, {{Count}}) AS n;
        ANALYZE {{table}};
        """);

    /// <summary>Handled messages, one half of them from more than a week ago.</summary>
    public static Task InsertHandledAsync(TestDatabase database) => database.ExecuteAsync(
        $"""
        INSERT INTO carillon_inbox (subscription, source, id, body_hash, handled)
        SELECT 'inventory', '/services/orders', 'm' || n, '\x00'::bytea,
            {DatabaseTime.Now} - CASE WHEN n % 2 = 0 THEN 86400::bigint * 10000000 * 8 ELSE 0 END
        FROM generate_series(1, {Count}) AS n;
        ANALYZE carillon_inbox;
        """);
}
