namespace Carillon.Testing.Scheduling;

/// <summary>A timer of the virtual time.</summary>
internal sealed class SimulatedTimer(SimulationScheduler scheduler, WorkOwner owner, SendOrPostCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private long _version;
    private bool _isSet;

    /// <inheritdoc/>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _version++;
        _period = period;
        _isSet = dueTime != Timeout.InfiniteTimeSpan;
        if (_isSet)
            scheduler.Set(this, _version, dueTime);
        return true;
    }

    /// <summary>Whether the timer still waits for what it was set to.</summary>
    public bool IsSet(long version) => _isSet && version == _version && owner.IsAlive;

    /// <summary>The time has come.</summary>
    public void Fire(long version)
    {
        if (!IsSet(version))
            return;
        _isSet = false;
        scheduler.Post(owner, callback, state);
        if (_period > TimeSpan.Zero)
            Change(_period, _period);
    }

    /// <inheritdoc/>
    public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
