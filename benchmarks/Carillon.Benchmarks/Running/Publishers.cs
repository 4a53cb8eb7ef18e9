using System.Diagnostics;

namespace Carillon.Benchmarks;

/// <summary>Publishes in a closed loop: each publisher waits for its event to be accepted before it makes the next.</summary>
public static class Publishers
{
    /// <summary>Runs publishers for a while, then waits until everything has arrived.</summary>
    /// <param name="count">How many publish at once.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="publish">Publishes one event.</param>
    /// <param name="recorder">Counts what arrives.</param>
    /// <param name="copies">How often each event arrives.</param>
    public static async Task<RunResult> RunAsync(int count, TimeSpan duration, Func<OrderCreated, ValueTask> publish, LatencyRecorder recorder, int copies)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var published = await Task.WhenAll(Enumerable.Range(0, count).Select(index => Task.Run(() => PublishAsync(index, watch, duration, publish))));
        var total = published.Sum();
        while (recorder.Count < total * copies)
        {
            if (watch.Elapsed > duration + TimeSpan.FromSeconds(60))
                throw new TimeoutException($"{recorder.Count} of {total * copies} events arrived within a minute after the last publish.");
            await Task.Delay(1);
        }

        watch.Stop();
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new(total, watch.Elapsed, bytes, recorder.Percentile(0.5), recorder.Percentile(0.99));
    }

    private static async Task<long> PublishAsync(int index, Stopwatch watch, TimeSpan duration, Func<OrderCreated, ValueTask> publish)
    {
        long published = 0;
        while (watch.Elapsed < duration)
            await publish(SampleEvents.Create((published++ * 64) + index));
        return published;
    }
}
