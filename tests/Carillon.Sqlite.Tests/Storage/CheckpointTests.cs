using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

public sealed class CheckpointTests : IDisposable
{
    private const long WalMax = 96L << 20;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wal_ShouldStayBounded_WhenMuchIsWrittenWhileOthersRead()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        await using var other = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("email")));
        var (one, two) = (new RecordingSink(), new RecordingSink());
        await host.ReceiveAsync(Messages.Subscription("inventory"), one);
        await other.ReceiveAsync(Messages.Subscription("email"), two);
        await using var sender = await host.OpenSenderAsync();
        var body = new byte[32 << 10];
        var largest = 0L;
        for (var i = 0; i < 200; i++)
        {
            await sender.SendAsync([.. Messages.Sequence(20, keys: 5, from: i * 20).Select(envelope => envelope with { Body = body })]);
            largest = Math.Max(largest, new FileInfo(_folder.Database + "-wal").Length);
        }

        await Eventually.IsTrueAsync(() => one.Count == 4000 && two.Count == 4000, TimeSpan.FromSeconds(60), "both subscriptions get everything");
        Assert.True(largest < WalMax, $"The write-ahead log grew to {largest >> 20} MiB although 125 MiB were written.");
        Assert.Equal("ok", Database.Text(_folder, "PRAGMA integrity_check"));
    }

    [Fact]
    public async Task CheckHealth_ShouldSayWhoKeepsTheLog_WhenAReaderStaysOpen()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        await using var sender = await host.OpenSenderAsync();
        var before = TimeProvider.System.GetUtcNow();
        await using (var reader = new Microsoft.Data.Sqlite.SqliteConnection($"{_folder.ConnectionString};Pooling=False"))
        {
            reader.Open();
            await using var transaction = reader.BeginTransaction(deferred: true);
            await using var command = reader.CreateCommand();
            command.CommandText = "SELECT count(*) FROM carillon_messages";
            command.ExecuteScalar();

            for (var i = 0; i < 60 && await FindAsync() is null; i++)
                await SendAsync(i);
            var finding = await FindAsync();
            Assert.NotNull(finding);
            Assert.Equal(HealthSeverity.Degraded, finding.Severity);
            Assert.Contains(ErrorCodes.WriteAheadLogHeld, finding.Text, StringComparison.Ordinal);
            Assert.InRange(finding.Since!.Value, before, TimeProvider.System.GetUtcNow());
        }

        for (var i = 60; i < 120 && await FindAsync() is not null; i++)
            await SendAsync(i);
        Assert.Null(await FindAsync());

        async Task SendAsync(int turn) => await sender.SendAsync(
            [.. Messages.Sequence(60, keys: 5, from: turn * 60).Select(envelope => envelope with { Body = new byte[64 << 10] })]);
        async Task<HealthFinding?> FindAsync() => (await host.Transport.CheckHealthAsync(TestContext.Current.CancellationToken)).SingleOrDefault();
    }

    [Theory]
    [InlineData(3_035_005, true)]
    [InlineData(3_044_005, true)]
    [InlineData(3_044_006, false)]
    [InlineData(3_045_000, true)]
    [InlineData(3_050_004, true)]
    [InlineData(3_050_007, false)]
    [InlineData(3_051_002, true)]
    [InlineData(3_051_003, false)]
    [InlineData(3_053_000, false)]
    public void HasLogResetFault_ShouldKnowTheCorrectedVersions_WhenAskedForOne(int version, bool expected) =>
        Assert.Equal(expected, SqliteVersion.HasLogResetFault(version));
}
