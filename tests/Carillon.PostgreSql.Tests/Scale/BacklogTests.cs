using Carillon.Relational;
using Carillon.Tests;
using Carillon.Transports;

namespace Carillon.PostgreSql.Tests;

/// <summary>A service that starts on a mountain of pending messages.</summary>
public sealed class BacklogTests : DatabaseTests
{
    private const long MemoryMax = 64L << 20;

    [Theory]
    [InlineData("carillon_messages")]
    [InlineData("carillon_outbox")]
    public async Task Start_ShouldDeliverWithinSecondsInConstantMemory_WhenMillionsArePending(string table)
    {
        var log = table == Log.Outbox.Table ? Log.Outbox : Log.Messages;
        await MigrateAsync();
        await ManyRows.InsertMessagesAsync(Database, table);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = TimeProvider.System.GetTimestamp();
        var count = 0;

        await using var databases = new PostgreSqlDatabases();
        await using var transport = new PostgreSqlTransport(databases.Start(Database.ConnectionString, new PostgreSqlOptions()), log);
        var subscription = new SubscriptionTopology
        {
            Name = "inventory",
            Service = "inventory",
            Topics = [TopicPattern.Parse("order.>")],
            Start = StartPosition.Beginning,
        };
        await transport.EnsureTopologyAsync(new Topology("inventory", [subscription]), Cancellation);
        await using var receiver = await transport.OpenReceiverAsync(subscription, Cancellation);
        await receiver.StartAsync(new CountingSink(() => Interlocked.Increment(ref count)), Cancellation);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref count) > 0, what: "the first message arrives");
        var first = TimeProvider.System.GetElapsedTime(began);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref count) >= 20_000, what: "many messages arrive");
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        TestContext.Current.SendDiagnosticMessage($"{ManyRows.Count} pending in {table}: first delivery after {first.TotalMilliseconds:F0} ms, memory grew by {grown >> 20} MiB");
        Assert.InRange(first, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(grown, long.MinValue, MemoryMax);
    }
}
