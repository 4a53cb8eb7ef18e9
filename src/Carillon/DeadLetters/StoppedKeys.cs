using System.Diagnostics.Metrics;
using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Signalling;
using Microsoft.Extensions.Logging;

namespace Carillon.DeadLetters;

/// <summary>
/// The keys of one subscription that stand still at a message that keeps failing (<see cref="DeadLetterPolicy.StopKey"/>): replays each
/// such message when its pause is over, for ever, and shows how many there are. What it knows it reads from the dead letters, so that
/// restarts and other instances change nothing.
/// </summary>
internal sealed class StoppedKeys : IDisposable
{
    private const int PageSize = 100;
    private const int AttemptsKept = 50;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    // A message that is being tried is no dead letter at that moment; it counts as long as an attempt usually takes.
    private static readonly TimeSpan AttemptTime = TimeSpan.FromMinutes(1);

    private readonly string _subscription;
    private readonly IDeadLetters _deadLetters;
    private readonly Backoff _backoff;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Meter _meter = CarillonTelemetry.CreateMeter();
    private readonly Lock _gate = new();
    private readonly Dictionary<long, DateTimeOffset> _replayed = [];
    private HashSet<long> _standing = [];
    private readonly RecurringFailure _looking;
    private bool _hasAny;

    private StoppedKeys(string subscription, IDeadLetters deadLetters, Backoff backoff, TimeProvider time, ILogger logger)
    {
        (_subscription, _deadLetters, _backoff, _time, _logger) = (subscription, deadLetters, backoff, time, logger);
        _looking = new RecurringFailure(time);
        _meter.CreateObservableGauge(
            "carillon.subscription.keys.stopped",
            () => new Measurement<int>(Count, new KeyValuePair<string, object?>("messaging.destination.subscription.name", subscription)),
            "{key}",
            "How many keys stand still at a message that keeps failing and is tried again until it is handled.");
    }

    /// <summary>Set when a key was stopped in this process.</summary>
    public AsyncSignal Changed { get; } = new();

    /// <summary>How many keys stand still, as of a few seconds ago.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _standing.Count + _replayed.Count;
        }
    }

    /// <summary>What watches a subscription's stopped keys, or null when its policy is another one.</summary>
    public static StoppedKeys? For(string subscription, SubscriptionOptions options, IDeadLetters deadLetters, Backoff backoff, TimeProvider time, ILogger logger) =>
        options.DeadLetters == DeadLetterPolicy.StopKey ? new StoppedKeys(subscription, deadLetters, backoff, time, logger) : null;

    /// <summary>The attempts that are kept of a message that is tried for ever: the first and the latest, but enough to know that it is an old one.</summary>
    public static IReadOnlyList<FailedAttempt> Shorten(IReadOnlyList<FailedAttempt> attempts, RetryOptions retries)
    {
        var most = Math.Max(AttemptsKept, retries.ImmediateAttempts * (retries.DelayedAttempts + 1));
        return attempts.Count <= most ? attempts : [.. attempts.Take(most / 2), .. attempts.Skip(attempts.Count - most + (most / 2))];
    }

    /// <summary>A message was handled.</summary>
    public void Forget(long id)
    {
        lock (_gate)
        {
            _replayed.Remove(id);
            _standing.Remove(id);
        }
    }

    /// <summary>Watches and replays until cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.Yield();
        await using var timer = _time.CreateTimer(_ => Changed.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!stopping.IsCancellationRequested)
        {
            var pause = LongestPause;
            try
            {
                pause = await LookAsync(stopping);
                if (_looking.Succeeded() is { } over)
                    DeadLetterLog.StoppedKeysKnown(_logger, _subscription, over.Lasted, over.Count);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                if (_looking.Failed(error) is { } notice)
                    DeadLetterLog.StoppedKeysUnknown(_logger, _subscription, notice.Count, notice.Lasted, error);
            }

            try
            {
                timer.Change(pause, Timeout.InfiniteTimeSpan);
                await Changed.WaitAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    /// <summary>Looks at every stopped key once, and replays those whose time has come.</summary>
    /// <returns>When to look again.</returns>
    private async ValueTask<TimeSpan> LookAsync(CancellationToken cancellation)
    {
        var standing = new HashSet<long>();
        var next = LongestPause;
        var query = new DeadLetterQuery { Subscription = _subscription, Code = ErrorCodes.KeyStopped, Limit = PageSize };
        while (true)
        {
            var page = await _deadLetters.ListAsync(query, cancellation);
            foreach (var letter in page)
            {
                var left = LeftOf(letter);
                if (left <= TimeSpan.Zero)
                {
                    await ReplayAsync(letter.Id, cancellation);
                    continue;
                }

                standing.Add(letter.Id);
                next = left < next ? left : next;
            }

            if (page.Count < PageSize)
                break;
            query = query with { After = page[^1].Id };
        }

        Note(standing);
        return next > ShortestPause ? next : ShortestPause;
    }

    private TimeSpan LeftOf(DeadLetter letter)
    {
        var last = letter.Attempts is [.., var attempt] ? attempt.At : letter.ParkedAt;
        var left = last + _backoff.Longest - _time.GetUtcNow();

        // The clock was set back since then: nobody is to wait for that.
        return left > _backoff.Longest ? TimeSpan.Zero : left;
    }

    private async ValueTask ReplayAsync(long id, CancellationToken cancellation)
    {
        lock (_gate)
            _replayed[id] = _time.GetUtcNow();
        try
        {
            await _deadLetters.ReplayAsync(id, cancellation);
        }
        catch (CarillonException error) when (error.Code == ErrorCodes.DeadLetterNotFound)
        {
            // Another instance was first, or somebody has discarded it: the next look tells which.
            Forget(id);
        }
    }

    private void Note(HashSet<long> standing)
    {
        lock (_gate)
        {
            _standing = standing;
            var now = _time.GetUtcNow();
            foreach (var (id, at) in _replayed)
            {
                if (standing.Contains(id) || now - at > AttemptTime)
                    _replayed.Remove(id);
            }

        }

        var hadAny = _hasAny;
        _hasAny = Count > 0;
        if (hadAny && !_hasAny)
            DeadLetterLog.KeysGoOn(_logger, _subscription);
    }
}
