using Carillon.Relational;
using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

public sealed class ChangeWatcherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changes_ShouldShowWithoutTheBell_WhenTheFolderCannotBeWatched()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology());
        await using var sender = await host.OpenSenderAsync();
        var (changes, log) = (new DatabaseChanges(), new LineLogger());
        var seen = 0;
        using var listening = changes.Listen(_ => Interlocked.Increment(ref seen));
        using var stopping = new CancellationTokenSource();
        using var watcher = new ChangeWatcher(
            new ConnectionFactory(SqliteLocation.Parse(_folder.ConnectionString)), Path.Combine(_folder.Path, "missing"), changes, log);
        var looking = watcher.RunAsync(TimeSpan.FromMinutes(1), TimeProvider.System, stopping.Token);
        await Eventually.IsTrueAsync(() => seen > 0, what: "the first look is done");

        // Far more often than the given minute: every 20 milliseconds.
        for (var i = 0; i < 3; i++)
        {
            var before = seen;
            await sender.SendAsync(Messages.Event("1"));
            await Eventually.IsTrueAsync(() => seen > before, what: "the change is seen");
        }

        await stopping.CancelAsync();
        await looking;
        Assert.Single(log.Lines);
    }

    [Fact]
    public async Task Retention_ShouldBeBlockedVisibly_WhenASubscriptionIsGone()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("gone")));
        await using var sender = await host.OpenSenderAsync();
        await sender.SendAsync([.. Messages.Sequence(300, keys: 3).Select(envelope => envelope with { Body = new byte[8192] })]);
        var file = await host.File.OpenAsync(TestContext.Current.CancellationToken);
        var log = new LineLogger();
        var retention = new RetentionWorker(file, TimeSpan.FromDays(7), limit => new RetentionChunk(TimeSpan.FromDays(7), 1 << 20, limit), log);

        Assert.Equal(0, await retention.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await retention.RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains("gone", Assert.Single(log.Lines), StringComparison.Ordinal);
    }
}
