using System.Text;
using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql.Tests;

/// <summary>No statement that runs often reads a whole table, however large it is.</summary>
public sealed class QueryPlanTests : DatabaseTests
{
    private static readonly Dialect _dialect = PostgreSqlDialect.Instance;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await MigrateAsync();
    }

    [Fact]
    public async Task Plan_ShouldUseIndexes_WhenTheInboxIsLarge()
    {
        await ManyRows.InsertHandledAsync(Database);

        await UsesIndexesAsync(InboxSql.IsSame);
        await UsesIndexesAsync(_dialect.DeleteHandled);
    }

    [Fact]
    public async Task Plan_ShouldUseIndexes_WhenTheLogIsLong()
    {
        await ManyRows.InsertMessagesAsync(Database);

        await UsesIndexesAsync(_dialect.Head(Log.Messages));
        await UsesIndexesAsync(RetentionSql.DeleteOld);
        await UsesIndexesAsync(HistorySql.Page(new Transports.LogQuery()));
    }

    [Fact]
    public async Task Plan_ShouldUseIndexes_WhenTheOutboxIsLong()
    {
        await ManyRows.InsertMessagesAsync(Database, "carillon_outbox");
        await Database.ExecuteAsync(
            """
            INSERT INTO carillon_subscriptions (name, service, source, created, log) VALUES ('orders:outbox', 'orders', '/services/orders', 0, 1);
            INSERT INTO carillon_leases (subscription, partition, cursor) SELECT 1, n, 1000 FROM generate_series(0, 15) AS n;
            ANALYZE carillon_subscriptions; ANALYZE carillon_leases;
            """);

        await UsesIndexesAsync(OutboxSql.OldestUnsent);
        await UsesIndexesAsync(RetentionSql.DeleteSent);
    }

    [Fact]
    public async Task Plan_ShouldUseIndexes_WhenMuchIsParkedOrScheduled()
    {
        await Database.ExecuteAsync(
            $"""
            INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, since, blocks, head, claimed, parked_at, rounds, replayed, id, source, type, key)
            SELECT 'inventory-' || (n % 10), 'm' || n, n % 16, n, n % 3 / 2, n, n, 1, (n % 5 = 0)::int, (n % 100 = 0)::int, 0, 0, CASE WHEN n % 50 = 0 THEN n END, 'm' || n, 'orders', 'order.created', 'key-' || (n % 1000)
            FROM generate_series(1, {ManyRows.Count}) AS n;
            INSERT INTO carillon_scheduled (due, log, identity, id, source) SELECT n, 0, 'orders' || chr(10) || 'm' || n, 'm' || n, 'orders' FROM generate_series(1, {ManyRows.Count}) AS n;
            ANALYZE carillon_parked; ANALYZE carillon_scheduled;
            """);
        var parking = new ParkingSql(_dialect);

        foreach (var sql in (string[])[parking.First, parking.Unmark, ParkingSql.Mark, parking.FirstOfEach, parking.UnmarkOthers, parking.MarkAll, parking.RemoveLast, parking.RemoveSome, parking.Revive, parking.HeldUp, parking.Outlook, parking.Due, parking.Ahead, parking.Behind, parking.Claim, parking.Finish,
            ParkingSql.FreeClaims, ParkingSql.Update, ParkingSql.Replay, ParkingSql.Replays, ParkingSql.Place])
            await UsesIndexesAsync(sql);
        var schedule = new ScheduleSql(_dialect);
        foreach (var sql in (string[])[schedule.Due, ScheduleSql.Next, schedule.Find, ScheduleSql.Remove])
            await UsesIndexesAsync(sql);
    }

    [Fact]
    public async Task Plan_ShouldSortNothing_WhenThereAreManyDeadLetters()
    {
        await Database.ExecuteAsync(
            $"""
            INSERT INTO carillon_parked (subscription, identity, partition, position, state, due, since, blocks, head, claimed, parked_at, rounds, id, source, type, key, code)
            SELECT 'inventory-' || (n % 2), 'm' || n, n % 16, n, 1, n, n, 1, 1, 0, 0, 0, 'm' || n, 'orders', 'order.created', 'key-' || n, CASE WHEN n % 100 = 0 THEN '{ErrorCodes.KeyStopped}' ELSE '{ErrorCodes.HandlerFailed}' END
            FROM generate_series(1, {ManyRows.Count}) AS n;
            ANALYZE carillon_parked;
            """);
        DeadLetterQuery[] queries =
        [
            new(), new() { Subscription = "x" }, new() { Subscription = "x", ExceptCode = ErrorCodes.KeyStopped }, new() { Subscription = "x", Code = ErrorCodes.KeyStopped },
        ];

        foreach (var query in queries)
            Assert.DoesNotContain("Sort", await PlanOfAsync(DeadLetterSql.Page(query)), StringComparison.Ordinal);
    }

    private async Task UsesIndexesAsync(string sql)
    {
        var plan = await PlanOfAsync(sql);
        // The small tables of subscriptions, commands and leases may well be read as a whole.
        foreach (var table in (string[])["messages", "outbox", "parked", "inbox", "scheduled"])
            Assert.False(plan.Contains($"Seq Scan on carillon_{table}", StringComparison.Ordinal), $"{sql}\n{plan}");
    }

    private async Task<string> PlanOfAsync(string sql)
    {
        var compiled = CompiledSql.From(sql, new TableNames("public"));
        await using var connection = new NpgsqlConnection(Database.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"EXPLAIN {compiled.Text}", connection);
        foreach (var name in compiled.Parameters)
            command.Parameters.Add(Value(name, sql));
        var plan = new StringBuilder();
        await using var rows = await command.ExecuteReaderAsync(Cancellation);
        while (await rows.ReadAsync(Cancellation))
            plan.AppendLine(rows.GetString(0));
        return plan.ToString();
    }

    private static NpgsqlParameter Value(string name, string sql) => name switch
    {
        "subscription" => Text("inventory-1"),
        "source" or "service" => Text("orders"),
        "id" => Text("m7"),
        "identity" => Text("orders\nm7"),
        "key" => Text("key-7"),
        "partition" when sql.Contains("carillon_park", StringComparison.Ordinal) => Text("1"),
        "from" => Text("1"),
        "partitions" => Text("[\"1\",\"2\"]"),
        "taken" or "finished" or "heads" or "revived" => Text("[1,2]"),
        "keys" => Text("[\"key-7\",\"key-8\"]"),
        "code" or "except" => Text(ErrorCodes.KeyStopped),
        "reason" or "attempts" => Text("x"),
        "hash" => new() { NpgsqlDbType = NpgsqlDbType.Bytea, Value = new byte[16] },
        "limit" => Number(500),
        "last" => Number(15),
        "upTo" => Number(long.MaxValue),
        _ => Number(1000),
    };

    private static NpgsqlParameter Text(string value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = value };

    private static NpgsqlParameter Number(long value) => new() { NpgsqlDbType = NpgsqlDbType.Bigint, Value = value };
}
