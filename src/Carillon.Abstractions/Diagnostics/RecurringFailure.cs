namespace Carillon.Diagnostics;

/// <summary>
/// Something that is tried again and again and fails, such as a look at a database that is away. It is to be said once, then again after
/// 10 seconds, 1 minute, 10 minutes and every hour, and when it is over; those who share the work share this. Safe to call by several callers at once.
/// </summary>
/// <remarks>
/// What fails, works and fails again within a minute is one failure that goes on: it is not said more often than one that never works.
/// </remarks>
internal sealed class RecurringFailure(TimeProvider time)
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private FailureState? _current;
    private FailureState? _last;
    private long _endedAt;
    private long _saidAt;
    private int _said;
    private long _unsaid;
    private bool _isEndToBeSaid;

    /// <summary>What fails now; null when it worked the last time.</summary>
    public FailureState? Current => Volatile.Read(ref _current);

    /// <summary>It has failed.</summary>
    /// <returns>What is to be logged now; null when it was said not long ago.</returns>
    public FailureNotice? Failed(Exception error)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_current is null)
                Begin(now);
            var at = time.GetUtcNow();
            _current = new FailureState(_current?.Since ?? _last?.Since ?? at, at, (_current?.Count ?? _last?.Count ?? 0) + 1, error);
            if (_said > 0 && time.GetElapsedTime(_saidAt, now) < Pauses[Math.Min(_said, Pauses.Length) - 1])
            {
                _unsaid++;
                return null;
            }

            var notice = NoticeOf(_current);
            (_saidAt, _unsaid, _isEndToBeSaid) = (now, 0, true);
            _said++;
            return notice;
        }
    }

    /// <summary>It has worked.</summary>
    /// <returns>What is to be logged now: how long it has failed; null when it was not said that it fails.</returns>
    public FailureNotice? Succeeded()
    {
        if (Volatile.Read(ref _current) is null)
            return null;
        lock (_gate)
        {
            if (_current is not { } ended)
                return null;
            (_current, _last, _endedAt) = (null, ended, time.GetTimestamp());
            if (!_isEndToBeSaid)
                return null;
            _isEndToBeSaid = false;
            return NoticeOf(ended);
        }
    }

    private void Begin(long now)
    {
        if (_last is null || time.GetElapsedTime(_endedAt, now) < Calm)
            return;
        (_last, _said, _unsaid) = (null, 0, 0);
    }

    private FailureNotice NoticeOf(FailureState state) => new(state.Error, state.Count, _unsaid, time.GetUtcNow() - state.Since);
}
