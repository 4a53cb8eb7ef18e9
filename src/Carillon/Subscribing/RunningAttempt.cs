namespace Carillon.Subscribing;

/// <summary>The attempt that one worker is making now. The worker begins and ends it; the watch looks at it from outside and ends its time.</summary>
internal sealed class RunningAttempt(TimeSpan limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private LaneWorker? _worker;
    private EventId _message;
    private long _startedAt;
    private bool _isTimedOut;
    private int _noticed;

    /// <summary>Whether its time is over and it still runs.</summary>
    public bool IsTimedOut
    {
        get
        {
            lock (_gate)
                return _worker is not null && _isTimedOut;
        }
    }

    public void Begin(LaneWorker worker, EventId message)
    {
        lock (_gate)
            (_worker, _message, _startedAt, _isTimedOut, _noticed) = (worker, message, time.GetTimestamp(), false, 0);
    }

    /// <summary>The attempt has ended, however it did.</summary>
    /// <returns>Whether its time was over before.</returns>
    public bool End()
    {
        lock (_gate)
        {
            _worker = null;
            return _isTimedOut;
        }
    }

    /// <summary>Ends the attempt's time when that is over.</summary>
    /// <param name="left">How long it still has; when it has none any more, the limit.</param>
    /// <returns>What is to be cancelled: nothing but this attempt.</returns>
    public CancellationTokenSource? TryTimeOut(out TimeSpan left)
    {
        lock (_gate)
        {
            left = limit;
            if (_worker is null || _isTimedOut)
                return null;
            left -= time.GetElapsedTime(_startedAt);
            if (left > TimeSpan.Zero)
                return null;
            left = limit;
            _isTimedOut = true;
            return _worker.TakeCancellation();
        }
    }

    /// <summary>The handler that still runs although its time has been over for some time; null when there is none.</summary>
    public HungHandler? FindHung(TimeSpan reaction)
    {
        lock (_gate)
            return IsHung(reaction) ? Describe() : null;
    }

    /// <summary>The same, when it is time to speak of it (again): the pauses between grow.</summary>
    /// <param name="reaction">How long a handler may take to notice that it was cancelled, and the first pause.</param>
    /// <param name="growth">By how much each pause is longer than the one before.</param>
    public HungHandler? NoticeHung(TimeSpan reaction, double growth)
    {
        lock (_gate)
        {
            if (!IsHung(reaction * Math.Pow(growth, _noticed)))
                return null;
            _noticed++;
            return Describe();
        }
    }

    private bool IsHung(TimeSpan beyond) => _worker is not null && _isTimedOut && time.GetElapsedTime(_startedAt) >= limit + beyond;

    private HungHandler Describe() => new(_worker!.Handler ?? "(middleware)", _message, time.GetUtcNow() - time.GetElapsedTime(_startedAt));
}
