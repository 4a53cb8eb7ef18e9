using System.Diagnostics;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteSenderThroughputTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(64, 1)]
    [InlineData(4, 100)]
    public async Task SendAsync_ShouldShareCommits_WhenManySendersWait(int senders, int batch)
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => SendAsync(host, 50, batch)));
        var count = senders == 1 ? 2000 : batch > 1 ? 200 : 32_000 / senders;

        var watch = Stopwatch.StartNew();
        var latencies = (await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => SendAsync(host, count, batch)))).SelectMany(l => l).Order().ToList();

        var total = senders * count * batch;
        var rate = total / watch.Elapsed.TotalSeconds;
        var wal = new FileInfo(_folder.Database + "-wal").Length >> 20;
        output.WriteLine($"{senders} senders x {batch}: {rate:N0}/s, p50 {latencies[latencies.Count / 2].TotalMilliseconds:0.00} ms, p99 {latencies[latencies.Count * 99 / 100].TotalMilliseconds:0.00} ms, wal {wal} MiB");
        Assert.True(rate > 500, $"Only {rate:N0} messages per second were stored.");
        Assert.True(wal < 128, $"The write-ahead log grew to {wal} MiB.");
    }

    private static async Task<List<TimeSpan>> SendAsync(TestHost host, int count, int batch)
    {
        await using var sender = await host.OpenSenderAsync();
        var messages = Messages.Sequence(batch, keys: 10);
        var latencies = new List<TimeSpan>(count);
        for (var i = 0; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await sender.SendAsync(messages);
            latencies.Add(Stopwatch.GetElapsedTime(began));
        }

        return latencies;
    }
}
