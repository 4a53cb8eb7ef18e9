using Carillon.Testing.Processes;

namespace Carillon.Testing.Histories;

/// <summary>Which handlers run just now, in all processes together, and which have run beside another one of their key.</summary>
internal sealed class RunningHandlers
{
    private readonly Dictionary<(string Subscription, string Key), List<Run>> _running = [];
    private readonly List<Overlap> _overlaps = [];

    /// <summary>Which messages began while another one of their key was handled, or the same one elsewhere.</summary>
    public IReadOnlyList<Overlap> Overlaps => _overlaps;

    /// <summary>A handler begins. What a dead process had begun has ended with it.</summary>
    /// <returns>To be disposed when the handler has ended.</returns>
    public IDisposable Begin(string subscription, string key, EventId id, SimulatedProcess process)
    {
        var place = (subscription, key);
        if (!_running.TryGetValue(place, out var runs))
            _running.Add(place, runs = []);
        runs.RemoveAll(other => !other.Process.IsAlive);
        foreach (var other in runs)
            _overlaps.Add(new Overlap(subscription, key, id, other.Id, process.Scheduler.NowTicks));
        var run = new Run(runs, process, id);
        runs.Add(run);
        return run;
    }

    private sealed class Run(List<Run> runs, SimulatedProcess process, EventId id) : IDisposable
    {
        public SimulatedProcess Process => process;

        public EventId Id => id;

        public void Dispose() => runs.Remove(this);
    }
}
