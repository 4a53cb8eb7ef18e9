namespace Carillon.Testing.Tests.Worlds;

/// <summary>A clock that stands still until everything has been done that is to be done now; then it jumps to the next timer.</summary>
internal sealed class StepClock : TimeProvider
{
    private readonly PriorityQueue<StepTimer, (long Due, long Number)> _timers = new();
    private long _now;
    private long _numbers;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new StepTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Jumps to the next timer and lets it go off.</summary>
    /// <returns>False when there is none.</returns>
    public bool Advance()
    {
        while (_timers.TryDequeue(out var timer, out var order))
        {
            if (timer.Number != order.Number)
                continue;
            _now = Math.Max(_now, order.Due);
            timer.Number = 0;
            timer.Fire();
            return true;
        }

        return false;
    }

    private void Set(StepTimer timer, TimeSpan dueTime)
    {
        timer.Number = dueTime == Timeout.InfiniteTimeSpan ? 0 : ++_numbers;
        if (timer.Number > 0)
            _timers.Enqueue(timer, (_now + dueTime.Ticks, timer.Number));
    }

    private sealed class StepTimer(StepClock clock, Action fire) : ITimer
    {
        public long Number { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime);
            return true;
        }

        public void Dispose() => Number = 0;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
