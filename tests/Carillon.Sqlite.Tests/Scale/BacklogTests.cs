using Carillon.Relational;
using Carillon.Tests;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>A service that starts on a mountain of pending messages.</summary>
public sealed class BacklogTests : IDisposable
{
    private const long MemoryMax = 64L << 20;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("carillon_messages")]
    [InlineData("carillon_outbox")]
    public async Task Start_ShouldDeliverWithinSecondsInConstantMemory_WhenMillionsArePending(string table)
    {
        await (await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology())).DisposeAsync();
        ManyRows.InsertMessages(_folder, table);
        var subscription = Messages.Subscription("inventory");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = TimeProvider.System.GetTimestamp();
        var count = 0;

        await using var files = new SqliteFiles();
        await using var transport = new SqliteTransport(
            files.Start(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions()), table == Log.Outbox.Table ? Log.Outbox : Log.Messages);
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
