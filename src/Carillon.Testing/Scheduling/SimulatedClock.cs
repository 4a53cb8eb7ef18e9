namespace Carillon.Testing.Scheduling;

/// <summary>The clock of one owner: it may show another time than the true one, and jump, while durations are true.</summary>
internal sealed class SimulatedClock(SimulationScheduler scheduler, WorkOwner owner) : TimeProvider
{
    /// <summary>How far the clock goes before the true time.</summary>
    public TimeSpan Skew { get; set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override long GetTimestamp() => scheduler.NowTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new(scheduler.NowTicks + Skew.Ticks, TimeSpan.Zero);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(scheduler, owner, new SendOrPostCallback(callback), state);
        timer.Change(dueTime, period);
        return timer;
    }
}
