using Carillon.Tests;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>What a receiver leaves behind when it stops, and what it says of loops that have ended by themselves.</summary>
public sealed class ReceiverStopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SubscriptionTopology _subscription = Messages.Subscription("inventory");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dispose_ShouldGiveEverythingBack_WhenItsPartitionsWereNotAssignedYet()
    {
        await using (var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription)))
        {
            var hasBegun = new TaskCompletionSource();
            await host.ReceiveAsync(_subscription, new RecordingSink
            {
                OnOwned = _ =>
                {
                    hasBegun.TrySetResult();
                    throw new InvalidOperationException("The store of what is parked is away.");
                },
            });
            await hasBegun.Task.WaitAsync(Cancellation);
        }

        Assert.Equal(0, Database.Number(_folder, "SELECT count(*) FROM carillon_leases WHERE owner IS NOT NULL"));
        await using var next = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(_subscription));
        var sink = new RecordingSink();
        await next.ReceiveAsync(_subscription, sink);
        await Eventually.IsTrueAsync(() => sink.Owned.Count == 16, what: "all partitions are the next one's");
        Assert.Equal(0, Database.Number(_folder, "SELECT count(*) FROM carillon_leases WHERE unclean <> 0"));
    }

    [Fact]
    public async Task CheckHealth_ShouldNameTheSubscriptionAndTheStopGiveEverythingBack_WhenOneLoopHasEnded()
    {
        using var log = new FullLog { Only = "writing cursors" };
        using var file = new SqliteFile(SqliteLocation.Parse(_folder.ConnectionString), new SqliteOptions(), TimeProvider.System, log);
        await using var transport = new SqliteTransport(file, Relational.Log.Messages);
        await transport.EnsureTopologyAsync(Messages.Topology(_subscription), Cancellation);
        var receiver = await transport.OpenReceiverAsync(_subscription, Cancellation);
        var sink = new RecordingSink();
        await receiver.StartAsync(sink, Cancellation);
        await Eventually.IsTrueAsync(() => sink.Owned.Count == 16, what: "all partitions are assigned");
        Assert.Empty(await ((IHealthReporting)receiver).CheckHealthAsync(Cancellation));

        log.IsFull = true;
        Database.Execute(_folder, "CREATE TRIGGER refusal BEFORE UPDATE OF cursor ON carillon_leases BEGIN SELECT RAISE(ABORT, 'no cursor'); END");
        await using (var sender = await transport.OpenSenderAsync(Cancellation))
            await sender.SendAsync(Messages.Sequence(10, keys: 10));
        await Eventually.IsTrueAsync(async () => (await ((IHealthReporting)receiver).CheckHealthAsync(Cancellation)).Any(finding => finding.Text.Contains("has ended by itself", StringComparison.Ordinal)), what: "the end is reported");
        log.IsFull = false;
        Database.Execute(_folder, "DROP TRIGGER refusal");

        await Record.ExceptionAsync(() => receiver.StopAsync(Cancellation).AsTask());
        await Record.ExceptionAsync(() => receiver.DisposeAsync().AsTask());
        Assert.Equal(0, Database.Number(_folder, "SELECT count(*) FROM carillon_leases WHERE owner IS NOT NULL"));
    }
}
