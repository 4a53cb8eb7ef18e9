using System.Diagnostics.CodeAnalysis;
using Carillon.Testing.Scheduling;

namespace Carillon.Testing.Processes;

/// <summary>
/// One life of one process: from its start to its end, clean or not. When it is killed, nothing of it goes on: no continuation, no
/// <c>finally</c>, no timer.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A process ends by being killed, and its meters with it.")]
internal sealed class SimulatedProcess(SimulationScheduler scheduler, int number, string name, SeededRandom random) : WorkOwner(scheduler, number, name)
{
    private readonly List<WorkItem> _paused = [];
    private readonly List<Action> _ends = [];
    private readonly ProcessMeters _meters = new();
    private long _lastStep = long.MaxValue;

    /// <summary>Chance, as the process knows it.</summary>
    public SeededRandom Random => random;

    /// <summary>What servers are waiting for on behalf of the process; it is cancelled when the process ends.</summary>
    public HashSet<CancellationTokenSource> Waits { get; } = [];

    /// <summary>Whether the process stands still.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>How often it stood still.</summary>
    public int Pauses { get; private set; }

    /// <summary>Something to be done when the process has ended, however it did.</summary>
    public void OnEnd(Action end) => _ends.Add(end);

    /// <summary>Kills the process before a later piece of its work.</summary>
    /// <param name="steps">Before how many pieces from now on, at least 1.</param>
    public void KillAfter(long steps) => _lastStep = Steps + steps;

    /// <summary>Lets the process live after all.</summary>
    public void Spare() => _lastStep = long.MaxValue;

    /// <summary>Ends the process at once.</summary>
    public void Kill()
    {
        if (!IsAlive)
            return;
        IsAlive = false;
        _paused.Clear();
        _meters.Dispose();
        foreach (var wait in Waits.ToArray())
            wait.Cancel();
        foreach (var end in _ends)
            end();
    }

    /// <summary>Stops the process in the middle of whatever it does, as SIGSTOP, a long collection or a moved virtual machine does.</summary>
    public void Pause()
    {
        IsPaused = true;
        Pauses++;
    }

    /// <summary>Lets it go on.</summary>
    public void Resume()
    {
        IsPaused = false;
        foreach (var item in _paused)
            Scheduler.Post(this, item.Callback, item.State);
        _paused.Clear();
    }

    /// <inheritdoc/>
    protected override bool MayBegin(in WorkItem item)
    {
        if (Steps >= _lastStep)
        {
            Kill();
            return false;
        }

        if (IsPaused)
        {
            _paused.Add(item);
            return false;
        }

        _meters.Enter();
        return true;
    }
}
