using System.Globalization;
using Carillon.Tests;

namespace Carillon.Sqlite.Tests;

/// <summary>G4: what cannot be sent or stored waits in the outbox or is refused; it is not kept in memory.</summary>
public sealed class OutboxMemoryTests(ITestOutputHelper output) : IDisposable
{
    private const long HeapLimit = 96L << 20;
    private const long FewMegabytes = 6L << 20;
    private const long ManyMegabytes = 48L << 20;
    private readonly TemporaryFolder _store = new();
    private readonly TemporaryFolder _transport = new();

    public void Dispose()
    {
        _store.Dispose();
        _transport.Dispose();
    }

    [Fact]
    public async Task Memory_ShouldStayFlat_WhenTheTransportIsAwayAndComesBack()
    {
        using var worker = Start("transport-away");

        await EndsAsync(worker, TimeSpan.FromSeconds(120 + (OutboxWorker.Count / 500)));

        Assert.Empty(worker.Said("disorder"));
        Assert.Equal([OutboxWorker.Count.ToString(CultureInfo.InvariantCulture)], worker.Said("drained"));
        AssertFlat(worker, "publishing");
        AssertFlat(worker, "draining");
    }

    [Fact]
    public async Task Memory_ShouldStayFlat_WhenTheStoreIsAwayAndPublishersAreRefused()
    {
        using var worker = Start("store-away");

        await EndsAsync(worker, TimeSpan.FromSeconds(120));

        Assert.Equal(["20000"], worker.Said("refused"));
        Assert.Equal(["1"], worker.Said("drained"));
        AssertFlat(worker, "refusing");
    }

    private WorkerProcess Start(string role) => WorkerProcess.Start(role, _store.ConnectionString, _transport.ConnectionString, heapLimitBytes: HeapLimit);

    private static async Task EndsAsync(WorkerProcess worker, TimeSpan within)
    {
        await Eventually.IsTrueAsync(() => worker.HasExited || worker.Said("drained").Count > 0, within, "the worker has done its work");
        await worker.EndAsync();
    }

    /// <summary>What is held in the last quarter of the time is not more than in the second.</summary>
    private void AssertFlat(WorkerProcess worker, string what)
    {
        var samples = worker.Said(what).ConvertAll(line => line.Split(' ')).ConvertAll(parts => (
            Heap: long.Parse(parts[0], CultureInfo.InvariantCulture), Resident: long.Parse(parts[1], CultureInfo.InvariantCulture)));
        Assert.InRange(samples.Count, 30, 60);
        var (second, last) = (samples[(samples.Count / 4)..(samples.Count / 2)], samples[^(samples.Count / 4)..]);
        foreach (var (quarter, name) in new[] { (second, "second"), (last, "last") })
            output.WriteLine($"{what}, {name} quarter: at most {quarter.Max(sample => sample.Heap) >> 10} KiB of objects, {quarter.Max(sample => sample.Resident) >> 20} MiB resident");
        Assert.True(last.Max(sample => sample.Heap) <= second.Max(sample => sample.Heap) + FewMegabytes, $"Objects pile up while {what}.");
        Assert.True(last.Max(sample => sample.Resident) <= second.Max(sample => sample.Resident) + ManyMegabytes, $"Resident memory grows while {what}.");
    }
}
