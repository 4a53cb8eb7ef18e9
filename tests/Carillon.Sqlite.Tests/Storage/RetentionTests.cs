using Carillon.Relational;
using Carillon.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Carillon.Sqlite.Tests;

public sealed class RetentionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
    public async Task Retention_ShouldSayWhoHoldsItBackUntilThatIsRetired_WhenASubscriptionIsGone()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync(Messages.Sequence(20, keys: 3));
        Database.Execute(_folder, "UPDATE carillon_messages SET recorded = 0");
        var file = await host.File.OpenAsync(Cancellation);
        var log = new LineLogger();

        Assert.Equal(0, await RunAsync(host, TimeSpan.FromDays(7), long.MaxValue, log));
        Assert.Equal(0, await RunAsync(host, TimeSpan.FromDays(7), long.MaxValue, log));

        var hold = file.RetentionHold!;
        Assert.Equal(("inventory", "inventory", false, DateTimeOffset.UnixEpoch, 20L), (hold.Service, hold.Subscription, hold.IsRunning, hold.Since, hold.Messages));
        Assert.InRange(hold.Bytes, 1, long.MaxValue);
        var finding = Assert.Single(file.CheckHealth());
        Assert.StartsWith(ErrorCodes.RetentionHeld, finding.Text, StringComparison.Ordinal);
        Assert.Contains("RetireAsync(\"inventory\", \"inventory\")", finding.Text, StringComparison.Ordinal);
        Assert.Single(log.Lines, line => line.Contains(ErrorCodes.RetentionHeld, StringComparison.Ordinal));

        foreach (var subscription in new[] { "inventory", "billing" })
        {
            Database.Execute(_folder,
                $"INSERT INTO carillon_parked (subscription, partition, position, state, due, since, blocks, head, claimed, parked_at, rounds) VALUES ('{subscription}', '0', 1, 1, 0, 0, 1, 1, 0, 0, 0)");
        }

        await host.Transport.RetireAsync("inventory", "inventory", Cancellation);
        Assert.Equal(1, Database.Number(_folder, "SELECT count(*) FROM carillon_parked"));
        Assert.Equal(1, Database.Number(_folder, "SELECT count(*) FROM carillon_parked WHERE subscription = 'billing'"));
        Assert.Equal(20, await RunAsync(host, TimeSpan.FromDays(7), long.MaxValue, log));
        Assert.Empty(file.CheckHealth());
        foreach (var table in new[] { "subscriptions", "leases", "declarations", "commands", "instances" })
            Assert.Equal(0, Database.Number(_folder, $"SELECT count(*) FROM carillon_{table}"));
    }

    [Fact]
    public async Task Retention_ShouldSayThatAnInstanceRuns_WhenItDoesNotGetOn()
    {
        var subscription = Messages.Subscription("inventory");
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(subscription));
        await host.ReceiveAsync(subscription, new RecordingSink { Room = 0 });
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync(Messages.Sequence(20, keys: 3));
        Database.Execute(_folder, "UPDATE carillon_messages SET recorded = 0");
        var log = new LineLogger();

        await RunAsync(host, TimeSpan.FromDays(7), long.MaxValue, log);

        var hold = (await host.File.OpenAsync(Cancellation)).RetentionHold!;
        Assert.True(hold.IsRunning);
        Assert.DoesNotContain("RetireAsync", hold.ToString(), StringComparison.Ordinal);
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

    private static async Task<long> RunAsync(TestHost host, TimeSpan age, long sizeBytes, ILogger? logger = null)
    {
        var file = await host.File.OpenAsync(TestContext.Current.CancellationToken);
        var options = new SqliteOptions { RetentionAge = age, RetentionSizeBytes = sizeBytes };
        return await new RetentionWorker(file, options.InboxRetentionAge, limit => new RetentionChunk(options.RetentionAge, options.RetentionSizeBytes, limit), logger ?? NullLogger.Instance).RunAsync(TestContext.Current.CancellationToken);
    }
}
