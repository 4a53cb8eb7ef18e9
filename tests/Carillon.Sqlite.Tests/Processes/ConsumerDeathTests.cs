using System.Globalization;
using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

public sealed class ConsumerDeathTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Lease_ShouldBeTakenOverInOrder_WhenAProcessIsKilled(int processes)
    {
        const int Count = 1200;
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        var workers = Enumerable.Range(0, processes).Select(_ => WorkerProcess.Start("consume", _folder.ConnectionString, "inventory")).ToList();
        try
        {
            await Eventually.IsTrueAsync(() => Shares(workers) is var shares && shares.Sum() == 16 && shares.Min() >= 16 / processes, TimeSpan.FromSeconds(60), "the processes share the partitions");
            await using var sender = await host.OpenSenderAsync();
            for (var i = 0; i < Count; i += 10)
            {
                await sender.SendAsync(Messages.Sequence(10, keys: 20, from: i));
                if (i == Count / 3)
                    await workers[0].KillAsync();
            }

            await Eventually.IsTrueAsync(() => Received(workers).DistinctBy(got => got.Number).Count() == Count, TimeSpan.FromSeconds(60), "the survivors handle everything");
            foreach (var key in Received(workers).GroupBy(got => got.Key))
            {
                var first = key.OrderBy(got => got.At).Select(got => got.Number).Distinct().ToList();
                Assert.Equal(first.Order(), first);
            }
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }
    }

    [Fact]
    public async Task Lease_ShouldBeFreeAtOnce_WhenAProcessIsKilledAndStartedAgain()
    {
        await using var host = await TestHost.StartAsync(_folder.ConnectionString, Messages.Topology(Messages.Subscription("inventory")));
        await using var sender = await host.OpenSenderAsync();
        using (var worker = WorkerProcess.Start("consume", _folder.ConnectionString, "inventory", leaseMilliseconds: 600_000))
        {
            await Eventually.IsTrueAsync(() => Shares([worker]).Sum() == 16, TimeSpan.FromSeconds(60), "the first process owns everything");
            await worker.KillAsync();
        }

        var died = TimeProvider.System.GetTimestamp();
        var sink = new RecordingSink();
        await host.ReceiveAsync(Messages.Subscription("inventory"), sink);
        await Eventually.IsTrueAsync(() => sink.Owned.Count == 16, what: "the next one owns everything, long before the lease of the dead one ends");
        var taken = TimeProvider.System.GetElapsedTime(died);
        output.WriteLine($"taken over {taken.TotalMilliseconds:0} ms after the death");
        Assert.True(taken < TimeSpan.FromSeconds(10));
    }

    private static List<int> Shares(IEnumerable<WorkerProcess> workers) =>
        [.. workers.Select(worker => worker.Said("owns") is { Count: > 0 } owned ? int.Parse(owned[^1], CultureInfo.InvariantCulture) : 0)];

    private static List<(long At, string Key, int Number)> Received(IEnumerable<WorkerProcess> workers) =>
        [.. workers.SelectMany(worker => worker.Said("got")).Select(line => line.Split(' ')).Select(parts => (
            long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1], int.Parse(parts[2], CultureInfo.InvariantCulture)))];
}
