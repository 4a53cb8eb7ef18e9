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
