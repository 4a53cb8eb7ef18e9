using System.Diagnostics.CodeAnalysis;
using Carillon.Signalling;

namespace Carillon.Retrying;

/// <summary>
/// Tells an outage from poison, for the messages of one kind in one subscription. While what their handlers need is away, no attempt is made
/// but one now and then, and none counts; the messages wait where they are. What fails while others succeed is no outage.
/// </summary>
/// <param name="messages">What it is about: the messages' name on the wire.</param>
/// <param name="longest">How long an outage is waited for. After that all attempts are made and count, until one succeeds.</param>
/// <param name="time">The clock.</param>
/// <param name="ended">Told of outages that end without a success.</param>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing.")]
internal sealed class OutageCircuit(string messages, TimeSpan longest, TimeProvider time, Action<OutageState, OutageEnd>? ended = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTrial = TimeSpan.FromSeconds(30);

    // The first trials follow one another quickly: it may be that some of those who wait are to blame themselves.
    private const int QuickTrials = 16;

    private readonly Lock _gate = new();
    private readonly OutageWindow _window = new();
    private readonly SortedSet<Ticket> _waiting = [];
    private CancellationTokenSource _changed = new();
    private DateTimeOffset _lastSuccess = DateTimeOffset.MinValue;
    private OutageState? _outage;
    private long _openedAt;
    private long _pausedAt;
    private TimeSpan _pause;
    private long _tryingSince;
    private long _lastTicket;
    private int _trials;
    private bool _isTrying;
    private bool _isGivenUp;

    // Counted without a lock, so that now and then one is lost: it is only asked whether there are some.
    private long _successes;
    private long _successesSeen;

    /// <summary>The outage that is waited for; null when there is none.</summary>
    public OutageState? Outage => Volatile.Read(ref _outage);

    /// <summary>Ends an outage that nobody waits for any more, or that has taken too long, and says whether there is one.</summary>
    public OutageState? Look()
    {
        OutageState? over;
        OutageState? forgotten = null;
        CancellationTokenSource? wake;
        lock (_gate)
        {
            over = GiveUpIfTooLong(out wake);
            if (_outage is not null && _waiting.Count == 0 && !_isTrying && time.GetElapsedTime(_pausedAt) >= LongestPause)
            {
                // What is known of the latest attempts stays: when the next one fails too, there is an outage again.
                forgotten = _outage;
                Volatile.Write(ref _outage, null);
            }
        }

        if (forgotten is not null)
            ended?.Invoke(forgotten, OutageEnd.NothingWaits);
        Tell(over, wake);
        return Outage;
    }

    /// <summary>Waits until an attempt may be made. While there is an outage, those who wait take turns in trying.</summary>
    /// <returns>Whether this attempt is a trial, whose end must be told.</returns>
    public ValueTask<bool> EnterAsync(CancellationToken patience) => EnterAsync(hasFailed: false, patience);

    /// <summary>The same for a message that has failed before: it may be to blame itself, so that others try too.</summary>
    public ValueTask<bool> EnterAgainAsync(CancellationToken patience) => EnterAsync(hasFailed: true, patience);

    /// <summary>Attempts succeeded. What had begun before the outage was noticed, and succeeds, ends it too: it is none then.</summary>
    /// <returns>The outage that is over by that, or null.</returns>
    public OutageState? Succeeded(int messages = 1)
    {
        _successes += messages;
        if (Outage is null && !Volatile.Read(ref _isGivenUp))
            return null;
        OutageState? over;
        CancellationTokenSource wake;
        lock (_gate)
        {
            over = _outage;
            _isGivenUp = false;
            wake = Close();
        }

        wake.Cancel();
        return over;
    }

    /// <summary>How many attempts have succeeded.</summary>
    public long Successes => Volatile.Read(ref _successes);

    /// <summary>An attempt failed in a way that may go away.</summary>
    /// <param name="key">The message's key, or what else tells it from others.</param>
    /// <param name="error">What was thrown.</param>
    /// <param name="failedWholly">When a whole round of attempts at the message had failed, if one has.</param>
    /// <param name="isTrial">Whether it was a trial.</param>
    /// <param name="isAround">Whether messages of other kinds fail for the same reason, as in an outage.</param>
    /// <param name="begun">The outage that is noticed by that, or null.</param>
    /// <returns>Whether an outage is to blame, so that the attempt does not count.</returns>
    public bool Failed(string key, Exception error, DateTimeOffset? failedWholly, bool isTrial, bool isAround, out OutageState? begun)
    {
        begun = null;
        CancellationTokenSource? wake;
        OutageState? over;
        bool isOutage;
        lock (_gate)
        {
            NoticeSuccesses();
            over = GiveUpIfTooLong(out wake);
            // It failed again and again before others of its kind succeeded: the message is to blame, not what it needs. It is no sign of an outage, but may be hit by one.
            if (_outage is null && !_isGivenUp && !(failedWholly < _lastSuccess))
                begun = Note(key, error, isAround);
            else if (_outage is not null)
                _outage = _outage with { Error = error };
            if (isTrial || begun is not null)
                wake = Pause();
            isOutage = _outage is not null;
        }

        Tell(over, wake);
        return isOutage;
    }

    /// <summary>A trial ended without showing anything: the next one may follow at once.</summary>
    public void GiveUpTrial()
    {
        CancellationTokenSource wake;
        lock (_gate)
        {
            _isTrying = false;
            wake = Renew();
        }

        wake.Cancel();
    }

    private async ValueTask<bool> EnterAsync(bool hasFailed, CancellationToken patience)
    {
        if (Outage is null)
            return false;
        var ticket = new Ticket(hasFailed, Interlocked.Increment(ref _lastTicket));
        try
        {
            while (true)
            {
                Look();
                if (IsTurnOf(ticket, out var isTrial, out var pause, out var changed))
                    return isTrial;
                await WaitAsync(pause, changed, patience);
            }
        }
        finally
        {
            Leave(ticket);
        }
    }

    private void NoticeSuccesses()
    {
        var successes = Volatile.Read(ref _successes) - _successesSeen;
        if (successes <= 0)
            return;
        _successesSeen += successes;
        _lastSuccess = time.GetUtcNow();
        _window.Succeeded(successes);
    }

    private OutageState? Note(string key, Exception error, bool isAround)
    {
        _window.Failed(key, error.GetType());
        if (!_window.IsOutage && !(isAround && _window.FailsNow))
            return null;
        (_openedAt, _pause, _trials) = (time.GetTimestamp(), FirstPause, 0);
        return _outage = new OutageState(messages, time.GetUtcNow(), error);
    }

    /// <summary>Ends an outage that has taken too long.</summary>
    /// <param name="wake">Wakes those who wait for its end.</param>
    /// <returns>The outage, if one is ended.</returns>
    private OutageState? GiveUpIfTooLong(out CancellationTokenSource? wake)
    {
        wake = null;
        if (_outage is not { } over || time.GetElapsedTime(_openedAt) < longest)
            return null;
        _isGivenUp = true;
        wake = Close();
        return over;
    }

    private CancellationTokenSource Close()
    {
        Volatile.Write(ref _outage, null);
        _isTrying = false;
        _window.Clear();
        return Renew();
    }

    private void Tell(OutageState? over, CancellationTokenSource? wake)
    {
        wake?.Cancel();
        if (over is not null)
            ended?.Invoke(over, OutageEnd.TookTooLong);
    }

    private CancellationTokenSource Pause()
    {
        if (++_trials > QuickTrials)
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        (_isTrying, _pausedAt) = (false, time.GetTimestamp());
        return Renew();
    }

    private bool IsTurnOf(Ticket ticket, out bool isTrial, out TimeSpan pause, out CancellationToken changed)
    {
        lock (_gate)
        {
            _waiting.Add(ticket);
            changed = _changed.Token;
            isTrial = _outage is not null;
            pause = Timeout.InfiniteTimeSpan;
            if (!isTrial)
                return true;
            if (Next() != ticket)
                return false;
            // A trial that hangs must not keep the others for ever.
            pause = _isTrying ? LongestTrial - time.GetElapsedTime(_tryingSince) : _pause - time.GetElapsedTime(_pausedAt);
            if (pause > TimeSpan.Zero)
                return false;
            (_isTrying, _tryingSince) = (true, time.GetTimestamp());
            return true;
        }
    }

    private async ValueTask WaitAsync(TimeSpan pause, CancellationToken changed, CancellationToken patience)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(changed, patience);
        try
        {
            await Task.Delay(TimerPause.Of(pause), time, either.Token);
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
            // Whoever changed something goes on with its own work first.
            await Task.Yield();
        }
    }

    /// <summary>Who tries next: in turns one whose message has not failed, because the others may be bad, and one whose message has, because every message may fail once.</summary>
    private Ticket Next() =>
        _trials % 2 == 1 && _waiting.GetViewBetween(new Ticket(HasFailed: true, 0), new Ticket(HasFailed: true, long.MaxValue)) is { Count: > 0 } failed ? failed.Min : _waiting.Min;

    private void Leave(Ticket ticket)
    {
        CancellationTokenSource? wake = null;
        lock (_gate)
        {
            var wasFirst = _waiting.Count > 0 && Next() == ticket;
            _waiting.Remove(ticket);
            if (wasFirst && _waiting.Count > 0)
                wake = Renew();
        }

        wake?.Cancel();
    }

    private CancellationTokenSource Renew()
    {
        var changed = _changed;
        _changed = new CancellationTokenSource();
        return changed;
    }

    /// <summary>A place in the line of those who wait.</summary>
    private readonly record struct Ticket(bool HasFailed, long Number) : IComparable<Ticket>
    {
        public int CompareTo(Ticket other) => (HasFailed, Number).CompareTo((other.HasFailed, other.Number));
    }
}
