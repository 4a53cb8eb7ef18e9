using System.Text;
using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>No statement that runs often reads a whole table.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plan_ShouldUseIndexes_WhenStatementsRunOften()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        var parking = new ParkingSql(SqliteDialect.Instance);
        var schedule = new ScheduleSql(SqliteDialect.Instance);
        string[] often =
        [
            InboxSql.IsSame, SqliteDialect.Instance.DeleteHandled,
            parking.First, parking.Unmark, ParkingSql.Mark, parking.FirstOfEach, parking.UnmarkOthers, parking.MarkAll, parking.RemoveLast, parking.RemoveSome, parking.Revive, parking.HeldUp, parking.Outlook, parking.Due, parking.Ahead, parking.Behind, parking.Claim, parking.Finish,
            ParkingSql.FreeClaims, ParkingSql.Update, ParkingSql.Replay, ParkingSql.Replays, ParkingSql.Place,
            schedule.Due, ScheduleSql.Next, schedule.Find, ScheduleSql.Remove,
            HistorySql.Page(new LogQuery()), OutboxSql.OldestUnsent, RetentionSql.DeleteOld, RetentionSql.DeleteOldest, RetentionSql.DeleteSent,
        ];

        foreach (var sql in often)
            UsesIndexes(host, sql);
    }

    [Fact]
    public async Task Plan_ShouldSortNothing_WhenTheOldestDeadLetterIsAskedFor()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        DeadLetterQuery[] queries =
        [
            new(), new() { Subscription = "inventory" }, new() { Subscription = "inventory", ExceptCode = ErrorCodes.KeyStopped }, new() { Subscription = "inventory", Code = ErrorCodes.KeyStopped },
        ];

        foreach (var query in queries)
            Assert.DoesNotContain("TEMP B-TREE", PlanOf(host, DeadLetterSql.Page(query)), StringComparison.Ordinal);
    }

    private static string PlanOf(TestHost host, string sql)
    {
        using var connection = host.File.OpenConnection();
        using var statement = new SqliteStatement(connection, $"EXPLAIN QUERY PLAN {sql}");
        var plan = new StringBuilder();
        using (var rows = statement.Read())
        {
            while (rows.Read())
                plan.AppendLine(rows.GetString(3));
        }

        return plan.ToString();
    }

    private static void UsesIndexes(TestHost host, string sql)
    {
        var plan = PlanOf(host, sql);
        // The small tables of subscriptions, commands and leases may well be read as a whole; "USING" tells of an index.
        foreach (var line in plan.Split('\n').Where(line => line.Contains("SCAN", StringComparison.Ordinal) && !line.Contains("USING", StringComparison.Ordinal)))
        {
            foreach (var table in (string[])["carillon_messages", "carillon_outbox", "carillon_parked", "carillon_inbox", "carillon_scheduled", "waiting"])
                Assert.False(line.Contains(table, StringComparison.Ordinal), $"{sql}\n{plan}");
        }
    }
}
