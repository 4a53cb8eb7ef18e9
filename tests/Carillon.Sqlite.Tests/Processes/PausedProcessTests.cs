using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

public sealed class PausedProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cursor_ShouldNotBeMoved_WhenAPausedProcessFinishesAfterItsLease()
    {
        await using var host = await TestHost.StartAsync(
            _folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")), options => options.LeaseTime = TimeSpan.FromSeconds(1));
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync(Messages.Sequence(20, keys: 20));
        using var worker = WorkerProcess.Start("hold", _folder.ConnectionString, "inventory", leaseMilliseconds: 1000);
        await Eventually.IsTrueAsync(() => worker.Said("got").Count == 20, TimeSpan.FromSeconds(60), "the first process has everything in work");

        worker.Pause();
        var sink = new RecordingSink { Acknowledges = false };
        await host.ReceiveAsync(Messages.Subscription("inventory"), sink);
        await Eventually.IsTrueAsync(() => sink.Open.Count == 20, TimeSpan.FromSeconds(30), "the second one takes over when the lease is over");
        worker.Continue();
        worker.Tell("finish");
        await Eventually.IsTrueAsync(() => worker.Said("owns") is [.., "0"] or [.., "0", _], TimeSpan.FromSeconds(30), "the first process loses its partitions");

        Assert.Equal(0, Database.Number(_folder, "SELECT max(cursor) FROM carillon_leases"));
        sink.Settle(_ => true, acknowledge: true);
        await Eventually.IsTrueAsync(() => Database.Number(_folder, "SELECT max(cursor) FROM carillon_leases") == 20, what: "the owner's cursors are written");
    }
}
