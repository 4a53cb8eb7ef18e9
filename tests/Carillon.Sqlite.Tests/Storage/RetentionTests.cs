using Carillon.Relational;
using Carillon.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Sqlite.Tests;

public sealed class RetentionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Retention_ShouldRemoveOnlyWhatIsOldAndFinished_WhenASubscriptionIsBehind()
    {
        var subscription = Messages.Subscription("inventory");
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(subscription), options => options.Partitions = 1);
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync(Messages.Sequence(1500, keys: 3));
        Database.Execute(_folder, "UPDATE carillon_messages SET recorded = 0 WHERE position <= 1200");
        Assert.Equal(0, await RunAsync(host, TimeSpan.FromDays(7), long.MaxValue));

        Database.Execute(_folder, "UPDATE carillon_leases SET cursor = 700");
        Assert.Equal(700, await RunAsync(host, TimeSpan.FromDays(7), long.MaxValue));
        Database.Execute(_folder, "UPDATE carillon_leases SET cursor = 1500");
        Assert.Equal(500, await RunAsync(host, TimeSpan.FromDays(7), long.MaxValue));
        Assert.Equal(1201, Database.Number(_folder, "SELECT min(position) FROM carillon_messages"));
    }

    [Fact]
    public async Task Retention_ShouldRemoveTheOldest_WhenTheFileIsTooLarge()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        await using var sender = await host.OpenSenderAsync();
        var body = new byte[4096];
        for (var i = 0; i < 10; i++)
            await sender.SendAsync([.. Messages.Sequence(200, keys: 3, from: i * 200).Select(envelope => envelope with { Body = body })]);

        var removed = await RunAsync(host, TimeSpan.FromDays(7), sizeBytes: 4 << 20);

        Assert.InRange(removed, 1000, 1999);
        Assert.Equal(removed + 1, Database.Number(_folder, "SELECT min(position) FROM carillon_messages"));
        await sender.SendAsync(Messages.Event("next"));
        Assert.Equal(2001, Database.Number(_folder, "SELECT max(position) FROM carillon_messages"));
    }

    [Fact]
    public async Task Start_ShouldGoOnAfterTheLastPosition_WhenRetentionRemovedEverything()
    {
        var subscription = Messages.Subscription("inventory");
        await using (var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(subscription)))
        {
            var sink = new RecordingSink();
            await host.ReceiveAsync(subscription, sink);
            await using var sender = await host.OpenSenderAsync();
            await sender.SendAsync(Messages.Sequence(100, keys: 3));
            await Eventually.IsTrueAsync(() => sink.Count == 100, what: "everything arrives");
        }

        Database.Execute(_folder, "DELETE FROM carillon_messages");
        await using var next = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(subscription));
        var later = new RecordingSink();
        await next.ReceiveAsync(subscription, later);
        await using var again = await next.OpenSenderAsync();
        await again.SendAsync(Messages.Event("new", "key"));
        await Eventually.IsTrueAsync(() => later.Count == 1, what: "the new message arrives");
    }

    private static async Task<long> RunAsync(TestHost host, TimeSpan age, long sizeBytes)
    {
        var file = await host.File.OpenAsync(TestContext.Current.CancellationToken);
        var options = new SqliteOptions { RetentionAge = age, RetentionSizeBytes = sizeBytes };
        return await new RetentionWorker(file, options.InboxRetentionAge, limit => new RetentionChunk(options.RetentionAge, options.RetentionSizeBytes, limit), NullLogger.Instance).RunAsync(TestContext.Current.CancellationToken);
    }
}
