namespace Carillon.Testing.Scheduling;

/// <summary>
/// Does all work of a world on one thread, one piece after the other. Which of the pieces that are ready comes next is chance; when none is
/// ready, time moves on to the next timer. The place to start reading about the simulation.
/// </summary>
internal sealed class SimulationScheduler(SeededRandom random)
{
    // A step takes up to so long, so that time moves on also while somebody has always something to do.
    private const int LongestStepTicks = 20 * 10;

    private static readonly long _start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    private readonly List<WorkItem> _ready = [];
    private readonly PriorityQueue<(SimulatedTimer Timer, long Version), (long Due, long Number)> _timers = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _timersSet;
    private volatile string? _escape;

    /// <summary>The true time, which no process knows.</summary>
    public long NowTicks { get; private set; } = _start;

    /// <summary>How much time went by.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(NowTicks - _start);

    /// <summary>How many pieces of work were done.</summary>
    public long Steps { get; private set; }

    /// <summary>A fingerprint of all choices so far: equal for equal runs.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>Something is ready to be done.</summary>
    public void Post(WorkOwner owner, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            // Thrown where the world runs: here it would only end somebody else's thread.
            _escape = Environment.StackTrace;
            return;
        }

        if (owner.IsAlive)
            _ready.Add(new WorkItem(owner, callback, state));
    }

    /// <summary>Something is to be done after a while.</summary>
    public SimulatedTimer Schedule(WorkOwner owner, TimeSpan delay, SendOrPostCallback callback, object? state)
    {
        var timer = new SimulatedTimer(this, owner, callback, state);
        timer.Change(delay, Timeout.InfiniteTimeSpan);
        return timer;
    }

    /// <summary>Does the next piece of work.</summary>
    /// <param name="until">The time at which to stop.</param>
    /// <returns>False when there is nothing to do before that time.</returns>
    /// <exception cref="InvalidOperationException">Some code left the simulation's thread.</exception>
    public bool TryStep(long until)
    {
        if (_escape is { } escape)
            throw new InvalidOperationException($"Code of the simulation went on outside of it, so that its seed would not find the same again. Usual reasons are Task.Run, ConfigureAwait(false), timers of the system, and AsTask() on a ValueTask that is not awaited. It came back from here: {escape}");
        if (_ready.Count == 0 && !TryMoveOn(until))
            return false;
        FireDue();
        if (_ready.Count == 0)
            return true;
        var place = _ready.Count == 1 ? 0 : random.Next(_ready.Count);
        var item = _ready[place];
        _ready[place] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (item.Owner.TryBegin(item))
            Do(item);
        return NowTicks < until;
    }

    /// <summary>Adds something that happened to the fingerprint.</summary>
    public void Note(long what) => Hash = (Hash ^ (ulong)what) * 1099511628211;

    internal void Set(SimulatedTimer timer, long version, TimeSpan delay) =>
        _timers.Enqueue((timer, version), (NowTicks + Math.Max(0, delay.Ticks), _timersSet++));

    private void Do(in WorkItem item)
    {
        Steps++;
        Note(((long)item.Owner.Number << 48) ^ NowTicks);
        NowTicks += random.Next(LongestStepTicks);
        item.Callback(item.State);
    }

    private bool TryMoveOn(long until)
    {
        while (_timers.TryPeek(out var next, out var at))
        {
            if (!next.Timer.IsSet(next.Version))
            {
                _timers.Dequeue();
                continue;
            }

            if (at.Due >= until)
                break;
            NowTicks = Math.Max(NowTicks, at.Due);
            return true;
        }

        NowTicks = Math.Max(NowTicks, until);
        return false;
    }

    private void FireDue()
    {
        while (_timers.TryPeek(out var next, out var at) && at.Due <= NowTicks)
        {
            _timers.Dequeue();
            next.Timer.Fire(next.Version);
        }
    }
}
