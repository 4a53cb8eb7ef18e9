using System.Diagnostics;
using System.Text.Json;

namespace Carillon.Benchmarks;

/// <summary>What one connection stores when it commits a fixed number of events at a time.</summary>
public sealed class BatchInsertLimit(string group, string folder, int batch)
    : Workload(group, $"limit: one writer, {batch} to a commit, FULL")
{
    public override async Task<RunResult> RunAsync(TimeSpan duration)
    {
        await Task.Yield();
        using var table = new EventTable(folder);
        var recorder = new LatencyRecorder();
        var orders = new OrderCreated[batch];
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration)
        {
            table.Begin();
            for (var i = 0; i < batch; i++)
            {
                orders[i] = SampleEvents.Create(recorder.Count + i);
                table.Insert(JsonSerializer.SerializeToUtf8Bytes(orders[i], EventJson.Default.OrderCreated));
            }

            table.Commit();
            foreach (var order in orders)
                recorder.Record(order.CreatedAt);
        }

        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new(recorder.Count, watch.Elapsed, bytes, recorder.Percentile(0.5), recorder.Percentile(0.99));
    }
}
