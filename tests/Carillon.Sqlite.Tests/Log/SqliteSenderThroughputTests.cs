using System.Diagnostics;

namespace Carillon.Sqlite.Tests;

public sealed class SqliteSenderThroughputTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SendAsync_ShouldShareCommits_WhenManySendersWait()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        await MeasureAsync(host, senders: 16, count: 50, batch: 1);

        var alone = await MeasureAsync(host, senders: 1, count: 1000, batch: 1);
        await MeasureAsync(host, senders: 16, count: 1000, batch: 1);
        var many = await MeasureAsync(host, senders: 64, count: 250, batch: 1);
        await MeasureAsync(host, senders: 4, count: 100, batch: 100);

        // Each message is flushed to disk before its sender goes on: only commits that are shared can be faster.
        Assert.True(many > 2 * alone, $"64 senders store {many:N0} messages per second, one stores {alone:N0}.");
        Assert.Equal(800 + 1000 + 16_000 + 16_000 + 40_000, Database.Number(_folder, "SELECT count(*) FROM carillon_messages"));
    }

    private async Task<double> MeasureAsync(TestHost host, int senders, int count, int batch)
    {
        var watch = Stopwatch.StartNew();
        var latencies = (await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => SendAsync(host, count, batch)))).SelectMany(one => one).Order().ToList();
        var rate = senders * count * batch / watch.Elapsed.TotalSeconds;
        output.WriteLine($"{senders} senders x {batch}: {rate:N0}/s, p50 {latencies[latencies.Count / 2].TotalMilliseconds:0.00} ms, p99 {latencies[latencies.Count * 99 / 100].TotalMilliseconds:0.00} ms");
        return rate;
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
