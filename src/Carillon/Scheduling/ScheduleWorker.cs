using Carillon.Signalling;
using Microsoft.Extensions.Logging;

namespace Carillon.Scheduling;

/// <summary>
/// Publishes what is due. It looks at the schedule itself rather than at what it was told: whatever other processes add, however the clock
/// jumps and whatever was missed while nobody ran is found within half a second. The place to start reading about scheduling.
/// </summary>
internal sealed class ScheduleWorker(string service, ISchedule schedule, AsyncSignal changed, TimeProvider time, ILogger logger) : IServicePart
{
    /// <summary>How long the worker goes without looking.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    // Rounded up to what timers can tell apart: a pause of nothing would look again and again until the moment has come.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan FirstPauseAfterFailure = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public string Name => $"the schedule of {service}";

    /// <summary>Begins to publish what is due.</summary>
    public ValueTask StartAsync(CancellationToken cancellation)
    {
        _running = RunAsync(_stopping.Token);
        return ValueTask.CompletedTask;
    }

    /// <summary>Publishes no more. What it publishes just now ends first, but not later than <paramref name="grace"/>.</summary>
    public async ValueTask StopAsync(CancellationToken grace)
    {
        _stopping.Cancel();
        try
        {
            await _running.WaitAsync(grace);
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested)
        {
            SchedulingLog.Abandoned(logger, service);
        }
    }

    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation) => new([]);

    private async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        await using var timer = time.CreateTimer(_ => changed.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var release = await schedule.ReleaseAsync(stopping);
                failures = 0;
                if (release is { Released: > 0, Next: { } next } && next <= TimeSpan.Zero)
                    continue;
                timer.Change(PauseUntil(release.Next), Timeout.InfiniteTimeSpan);
                await changed.WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                SchedulingLog.ReleaseFailed(logger, service, ++failures, error);
                await PauseAfterFailureAsync(failures, stopping);
            }
        }
    }

    private static TimeSpan PauseUntil(TimeSpan? next) =>
        TimeSpan.FromTicks(Math.Clamp((next ?? LongestPause).Ticks, ShortestPause.Ticks, LongestPause.Ticks));

    private async Task PauseAfterFailureAsync(int failures, CancellationToken stopping)
    {
        var pause = FirstPauseAfterFailure * Math.Pow(2, Math.Min(failures - 1, 16));
        try
        {
            await Task.Delay(pause < LongestPauseAfterFailure ? pause : LongestPauseAfterFailure, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }
}
