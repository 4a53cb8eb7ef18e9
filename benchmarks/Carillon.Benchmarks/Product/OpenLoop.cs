using System.Diagnostics;

namespace Carillon.Benchmarks;

/// <summary>Carillon at a fixed rate, whether earlier events have arrived or not: how long an event takes when there is no queue.</summary>
public sealed class OpenLoop(string group, string? folder, int subscriptions, int rate)
    : Workload(group, $"Carillon, open loop at {rate:N0}/s")
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public override bool IsSaturating => false;

    public override async Task<RunResult> RunAsync(TimeSpan duration)
    {
        await using var host = await CarillonHost.StartAsync(folder, subscriptions);
        var recorder = Arrivals.Recorder = new();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        var pending = new List<Task>();
        long published = 0;
        using var timer = new PeriodicTimer(Tick);
        while (watch.Elapsed < duration && await timer.WaitForNextTickAsync())
        {
            for (var due = (long)(watch.Elapsed.TotalSeconds * rate); published < due; published++)
                pending.Add(host.Bus.PublishAsync(SampleEvents.Create(published)).AsTask());
        }

        await Task.WhenAll(pending);
        while (recorder.Count < published * subscriptions)
        {
            if (watch.Elapsed > duration + TimeSpan.FromSeconds(60))
                throw new TimeoutException($"{recorder.Count} of {published * subscriptions} events arrived within a minute after the last publish.");
            await Task.Delay(Tick);
        }

        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        return new(published, watch.Elapsed, bytes, recorder.Percentile(0.5), recorder.Percentile(0.99));
    }
}
