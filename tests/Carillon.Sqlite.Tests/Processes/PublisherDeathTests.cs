using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

public sealed class PublisherDeathTests : IDisposable
{
    private const int Rounds = 6;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SendAsync_ShouldLoseNothingAcknowledged_WhenPublishersAreKilled()
    {
        var (tried, stored) = (new HashSet<string>(), new HashSet<string>());
        for (var round = 0; round < Rounds; round++)
        {
            using var worker = WorkerProcess.Start("publish", _folder.ConnectionString, $"round-{round}");
            var enough = 40 * (round + 1);
            await Eventually.IsTrueAsync(() => worker.Said("stored").Count > enough, TimeSpan.FromSeconds(60), $"round {round} stores {enough}");
            await worker.KillAsync();
            tried.UnionWith(worker.Said("try"));
            stored.UnionWith(worker.Said("stored"));
        }

        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        var sink = new RecordingSink();
        await host.ReceiveAsync(Messages.Subscription("inventory"), sink);
        // What was stored right before a death, and not said to be, arrives as well, and may come first.
        await Eventually.IsTrueAsync(() => stored.IsSubsetOf(sink.Received.Select(envelope => envelope.Id.ToString())), what: "everything stored arrives");

        var received = sink.Received.Select(envelope => envelope.Id.ToString()).ToList();
        Assert.Empty(stored.Except(received));
        Assert.Empty(received.Except(tried));
        Assert.Equal(received.Count, received.Distinct().Count());
        Assert.All(sink.Received.GroupBy(envelope => envelope.Key), key =>
        {
            var ids = key.Select(envelope => envelope.Id.ToString()).ToList();
            Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        });
        Assert.Equal("ok", Database.Text(_folder, "PRAGMA integrity_check"));
    }
}
