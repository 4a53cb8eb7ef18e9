using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.PostgreSql.Tests;

/// <summary>A subscription that is gone keeps old messages, which is said until somebody retires it.</summary>
public sealed class RetentionHoldTests : DatabaseTests
{
    [Fact]
    public async Task Retention_ShouldSayWhoHoldsItBackUntilThatIsRetired_WhenASubscriptionIsGone()
    {
        await MigrateAsync();
        await using var databases = new PostgreSqlDatabases();
        await using var transport = new PostgreSqlTransport(databases.Start(Database.ConnectionString, new PostgreSqlOptions()), Log.Messages);
        await transport.EnsureTopologyAsync(new Topology("inventory", [Subscription("inventory"), Subscription("inventory.audit")]), Cancellation);
        await Database.ExecuteAsync("INSERT INTO carillon_messages (partition, recorded, topic) SELECT n % 16, 0, 'order.created' FROM generate_series(1, 100) AS n");
        await Database.ExecuteAsync("UPDATE carillon_leases SET cursor = 100 WHERE subscription = (SELECT subscription FROM carillon_subscriptions WHERE name = 'inventory')");
        var database = await databases.Start(Database.ConnectionString, new PostgreSqlOptions()).OpenAsync(Cancellation);
        var log = new RecordingLogger();
        var retention = new RetentionWorker(database, TimeSpan.FromDays(7), limit => new RetentionChunk(TimeSpan.FromDays(7), 16, limit), log);

        Assert.Equal(0, await retention.RunAsync(Cancellation));
        Assert.Equal(0, await retention.RunAsync(Cancellation));

        var hold = database.RetentionHold!;
        Assert.Equal(("inventory", "inventory.audit", false, DateTimeOffset.UnixEpoch, 100L), (hold.Service, hold.Subscription, hold.IsRunning, hold.Since, hold.Messages));
        Assert.InRange(hold.Bytes, 1, long.MaxValue);
        Assert.Contains("RetireAsync(\"inventory\", \"inventory.audit\")", Assert.Single(database.CheckHealth()).Text, StringComparison.Ordinal);

        await transport.RetireAsync("inventory", "inventory.audit", Cancellation);
        Assert.Equal(100, await retention.RunAsync(Cancellation));
        Assert.Empty(database.CheckHealth());
    }

    [Fact]
    public async Task Retention_ShouldWaitForNobody_WhenAnotherProcessRemovesOldMessages()
    {
        await using var databases = new PostgreSqlDatabases();
        var database = await databases.Start(Database.ConnectionString, new PostgreSqlOptions()).OpenAsync(Cancellation);
        await Database.ExecuteAsync("INSERT INTO carillon_messages (partition, recorded, topic) SELECT n % 16, 0, 'order.created' FROM generate_series(1, 100) AS n");
        await using var other = await database.Connections.OpenAsync(Cancellation);
        await using var removing = await other.BeginTransactionAsync(Cancellation);
        using var session = database.OpenSession(other, TransactionOwnership.Work);
        await session.LockAsync(LockScope.Retention, "", Cancellation);

        Assert.Equal(0, (await database.WriteAsync(new RetentionChunk(TimeSpan.FromDays(7), 16, 500), Cancellation)).Removed);

        await removing.RollbackAsync(Cancellation);
        Assert.Equal(100, (await database.WriteAsync(new RetentionChunk(TimeSpan.FromDays(7), 16, 500), Cancellation)).Removed);
    }

    private static SubscriptionTopology Subscription(string name) => new() { Name = name, Service = "inventory", Topics = [TopicPattern.Parse("order.>")] };
}
