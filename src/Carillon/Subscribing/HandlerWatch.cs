using System.Collections.Immutable;
using Carillon.Signalling;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Ends the time of handlers that take too long, by cancelling them. One that does not listen goes on, and its key waits for it, because the
/// next message of the key must not run beside it (G3); it is shown to people instead.
/// </summary>
internal sealed class HandlerWatch(string subscription, TimeSpan limit, TimeProvider time, ILogger logger)
{
    private const double Growth = 4;
    private static readonly TimeSpan Reaction = TimeSpan.FromSeconds(10);
    private ImmutableArray<RunningAttempt> _attempts = [];

    /// <summary>The handlers that go on although they were cancelled.</summary>
    public IReadOnlyList<HungHandler> Hung => [.. _attempts.Select(static attempt => attempt.FindHung(Reaction)).OfType<HungHandler>()];

    /// <summary>Watches the attempts of one more worker. Null when handlers may take as long as they like.</summary>
    public RunningAttempt? Add()
    {
        if (limit == Timeout.InfiniteTimeSpan || limit == TimeSpan.Zero)
            return null;
        var attempt = new RunningAttempt(limit, time);
        ImmutableInterlocked.Update(ref _attempts, static (attempts, added) => attempts.Add(added), attempt);
        return attempt;
    }

    /// <summary>Watches until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (_attempts.IsEmpty)
            return;
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimerPause.Of(Look()), time, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Looks at every attempt once.</summary>
    /// <returns>When to look again: before that no time is over, also not of attempts that begin meanwhile.</returns>
    private TimeSpan Look()
    {
        var next = limit;
        foreach (var attempt in _attempts)
        {
            if (attempt.TryTimeOut(out var left) is { } cancellation)
                _ = CancelAsync(cancellation);
            if (attempt.NoticeHung(Reaction, Growth) is { } hung)
                SubscribingLog.HandlerHangs(logger, hung.Handler, subscription, hung.Message, hung.Since);
            next = left < next ? left : next;
            if (attempt.IsTimedOut && Reaction < next)
                next = Reaction;
        }

        return next;
    }

    // What a handler waits for may block inside of its cancellation: the watch over the others goes on.
    private async Task CancelAsync(CancellationTokenSource cancellation)
    {
        await Task.Yield();
        try
        {
            cancellation.Cancel();
        }
        catch (AggregateException error)
        {
            SubscribingLog.CancellingFailed(logger, subscription, error);
        }
    }
}
