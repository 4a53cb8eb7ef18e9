using System.Diagnostics.CodeAnalysis;
using Carillon.Diagnostics;
using Carillon.Signalling;
using Microsoft.Extensions.Logging;

namespace Carillon.Scheduling;

/// <summary>
/// Publishes what is due. It looks at the schedule itself rather than at what it was told: whatever other processes add, however the clock
/// jumps and whatever was missed while nobody ran is found within half a second. The place to start reading about scheduling.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and a worker that was left behind looks at its token later.")]
internal sealed class ScheduleWorker(string service, ISchedule schedule, AsyncSignal changed, TimeProvider time, ILogger logger) : IServicePart
{
    /// <summary>How long the worker goes without looking.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    // Rounded up to what timers can tell apart: a pause of nothing would look again and again until the moment has come.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan FirstPauseAfterFailure = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPauseAfterFailure = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly RecurringFailure _releasing = new(time);
    private Task? _running;
    private volatile bool _isReleasing;

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
            if (_running is not null)
                await _running.WaitAsync(grace);
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested)
        {
            if (_isReleasing)
                SchedulingLog.Abandoned(logger, service);
        }
    }

    public ValueTask<IReadOnlyList<HealthFinding>> CheckHealthAsync(CancellationToken cancellation)
    {
        if (_running is { IsCompleted: true } && !_stopping.IsCancellationRequested)
            return new([new HealthFinding(HealthSeverity.Unhealthy, $"What publishes the scheduled messages of {service} has ended by itself. Restart the service, and report it.") { Error = _running.Exception }]);
        return new(FailureFinding.Of(_releasing, $"The schedule of {service} cannot be read or changed", time.GetUtcNow()) is { } finding ? [finding] : []);
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        await using var timer = time.CreateTimer(_ => changed.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var release = await ReleaseAsync(stopping);
                failures = 0;
                if (_releasing.Succeeded() is { } over)
                    SchedulingLog.ReleasesAgain(logger, service, over.Over);
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
                if (_releasing.Failed(error) is { } notice)
                    SchedulingLog.ReleaseFailed(logger, service, notice.While, error);
                await PauseAfterFailureAsync(++failures, stopping);
            }
        }
    }

    private async ValueTask<ScheduleRelease> ReleaseAsync(CancellationToken stopping)
    {
        _isReleasing = true;
        try
        {
            return await schedule.ReleaseAsync(stopping);
        }
        finally
        {
            _isReleasing = false;
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
