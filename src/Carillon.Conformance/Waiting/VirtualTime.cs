namespace Carillon.Conformance.Waiting;

/// <summary>A clock that stands still until it is moved; the timers that are due by then go off while it is.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly Dictionary<VirtualTimer, DateTimeOffset> _due = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _setBack;

    /// <summary>How many timers are waiting.</summary>
    public int Timers
    {
        get
        {
            lock (_gate)
                return _due.Count;
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now - _setBack;
    }

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        lock (_gate)
            return _now.Ticks;
    }

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Somebody sets the clock back. The time that passes goes on as before.</summary>
    public void SetBack(TimeSpan by)
    {
        lock (_gate)
            _setBack += by;
    }

    /// <summary>Moves the clock on, and lets every timer go off that is due by then.</summary>
    public void Advance(TimeSpan by)
    {
        VirtualTimer[] due;
        lock (_gate)
        {
            _now += by;
            due = [.. _due.Where(timer => timer.Value <= _now).OrderBy(timer => timer.Value).Select(timer => timer.Key)];
            foreach (var timer in due)
                _due.Remove(timer);
        }

        foreach (var timer in due)
            timer.Fire();
    }

    private void Set(VirtualTimer timer, TimeSpan dueTime)
    {
        lock (_gate)
        {
            _due.Remove(timer);
            if (dueTime >= TimeSpan.Zero)
                _due[timer] = _now + dueTime;
        }
    }

    private sealed class VirtualTimer(VirtualTime time, Action fire) : ITimer
    {
        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Set(this, dueTime);
            return true;
        }

        public void Dispose() => time.Set(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
