using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

public sealed class PausedProcessTests : IDisposable
{
    /// <summary>
    /// Counts what a cursor has passed in partitions that the second process has kept since it took over, where nothing is finished. The first
    /// one may have been given its fair share again by now.
    /// </summary>
    private const string PassedUnfinished =
        "SELECT count(*) FROM carillon_leases l JOIN carillon_messages m ON m.partition = l.partition AND m.position <= l.cursor WHERE l.fence = 2";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Cursor_ShouldNotBeMoved_WhenAPausedProcessFinishesAfterItsLease()
    {
        await using var host = await TestHost.StartAsync(
            _folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")), options => options.LeaseTime = options.BusyTimeout = TimeSpan.FromSeconds(2));
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync(Messages.Sequence(20, keys: 20));
        using var worker = WorkerProcess.Start("hold", _folder.ConnectionString, "inventory", leaseMilliseconds: 2000);
        await Eventually.IsTrueAsync(() => worker.Said("got").Count == 20, TimeSpan.FromSeconds(60), "the first process has everything in work");

        worker.Pause();
        var sink = new RecordingSink { Acknowledges = false };
        await host.ReceiveAsync(Messages.Subscription("inventory"), sink);
        await Eventually.IsTrueAsync(() => sink.Open.Count == 20, TimeSpan.FromSeconds(30), "the second one takes over when the lease is over");
        worker.Tell("finish");
        worker.Continue();
        await Eventually.IsTrueAsync(() => worker.Said("owns").Contains("0"), TimeSpan.FromSeconds(30), "the first process loses its partitions");

        Assert.Equal(0, Database.Number(_folder, PassedUnfinished));
        await worker.KillAsync();
        await Eventually.IsTrueAsync(() => FinishedAll(sink), TimeSpan.FromSeconds(30), "the survivor finishes everything");
    }

    private bool FinishedAll(RecordingSink sink)
    {
        sink.Settle(_ => true, acknowledge: true);
        return Database.Number(_folder, "SELECT min(cursor) FROM carillon_leases") == 20;
    }
}
