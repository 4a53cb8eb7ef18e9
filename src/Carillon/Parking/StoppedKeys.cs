using System.Diagnostics.Metrics;
using Carillon.Diagnostics;
using Carillon.Signalling;
using Microsoft.Extensions.Logging;

namespace Carillon.Parking;

/// <summary>
/// Shows how many keys of one subscription stand still at a message that keeps failing (<see cref="DeadLetterPolicy.StopKey"/>). The store
/// knows: whoever asks it gets the same number, whichever instance stopped the keys.
/// </summary>
internal sealed class StoppedKeys : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly DeadLetterQuery _query;
    private readonly IDeadLetters _deadLetters;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = CarillonTelemetry.CreateMeter();
    private readonly AsyncSignal _changed = new();
    private readonly RecurringFailure _looking;
    private long _count;

    private StoppedKeys(string subscription, IDeadLetters deadLetters, TimeProvider time, ILogger logger)
    {
        (_query, _deadLetters, _time, _logger) = (new DeadLetterQuery { Subscription = subscription, Code = ErrorCodes.KeyStopped }, deadLetters, time, logger);
        _looking = new RecurringFailure(time);
        _meter.CreateObservableGauge(
            "carillon.subscription.keys.stopped",
            () => new Measurement<int>(Count, new KeyValuePair<string, object?>("messaging.destination.subscription.name", subscription)),
            "{key}",
            "How many keys stand still at a message that keeps failing and is tried again until it is handled.");
    }

    /// <summary>How many keys stand still, as of a few seconds ago.</summary>
    public int Count => (int)Math.Min(Interlocked.Read(ref _count), int.MaxValue);

    /// <summary>What watches a subscription's stopped keys, or null when its policy is another one.</summary>
    public static StoppedKeys? For(string subscription, SubscriptionOptions options, IDeadLetters deadLetters, TimeProvider time, ILogger logger) =>
        options.DeadLetters == DeadLetterPolicy.StopKey ? new StoppedKeys(subscription, deadLetters, time, logger) : null;

    /// <summary>A key was stopped, or goes on.</summary>
    public void Change() => _changed.Set();

    /// <summary>Counts until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        await using var timer = _time.CreateTimer(_ => _changed.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Note(await _deadLetters.CountAsync(_query, stopping));
                if (_looking.Succeeded() is { } over)
                    DeadLetterLog.StoppedKeysKnown(_logger, _query.Subscription!, over.Over);
                timer.Change(_interval, Timeout.InfiniteTimeSpan);
                await _changed.WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                if (_looking.Failed(error) is { } notice)
                    DeadLetterLog.StoppedKeysUnknown(_logger, _query.Subscription!, notice.While, error);
                await Task.Delay(_interval, _time, CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void Note(long count)
    {
        if (Interlocked.Exchange(ref _count, count) > 0 && count == 0)
            DeadLetterLog.KeysGoOn(_logger, _query.Subscription!);
    }
}
