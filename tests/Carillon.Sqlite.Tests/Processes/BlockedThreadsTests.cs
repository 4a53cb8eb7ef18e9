using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

/// <summary>Handlers that block their threads keep everything else of a process from running, and it keeps what is its own (G3).</summary>
public sealed class BlockedThreadsTests : IDisposable
{
    private const int Lease = 2_000;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Guarantee", "G3")]
    public async Task Leases_ShouldBeRenewed_WhenHandlersKeepAllThreads()
    {
        await BlockingWorker.PublishAsync(_folder.ConnectionString);
        using var worker = WorkerProcess.Start("block", _folder.ConnectionString, "ledger", Lease);
        await Eventually.IsTrueAsync(() => worker.Said("begins").Count > 0, TimeSpan.FromSeconds(60), "handlers of the worker keep their threads");
        using var second = BlockingWorker.Build(_folder.ConnectionString, "ledger", Lease, static _ => { });
        await second.StartAsync(Cancellation);

        var tookForDead = 0;
        await Eventually.IsTrueAsync(() =>
        {
            tookForDead += Database.Number(_folder, "SELECT count(*) FROM carillon_instances WHERE gone IS NOT NULL") > 0 ? 1 : 0;
            return worker.Said("ended").Count >= 2 * BlockingWorker.Threads;
        }, TimeSpan.FromSeconds(60), "handlers of the worker have ended");

        Assert.Equal(0, tookForDead);
        await worker.KillAsync();
        await Eventually.IsTrueAsync(() => Database.Number(_folder, "SELECT count(*) FROM carillon_instances WHERE gone IS NOT NULL") > 0, TimeSpan.FromSeconds(60), "it is gone when it has died");
        await second.StopAsync(Cancellation);
    }
}
