namespace Carillon.KillTests;

/// <summary>The processes of a run, each in its place; whoever dies is replaced.</summary>
internal sealed class Crew(KillTestArguments arguments, string folder, string address) : IDisposable
{
    private static readonly TimeSpan TrapBound = TimeSpan.FromSeconds(3);
    private readonly Dictionary<CrewPlace, ChildProcess> _running = [];
    private readonly HashSet<CrewPlace> _trapped = [];
    private readonly HistoryWriter _history = new(HistoryFolder.PathOf(folder, "harness"));
    private readonly Dictionary<CrewPlace, Generation> _generations = [];
    private int _started;

    /// <summary>Everybody.</summary>
    public IReadOnlyList<CrewPlace> Places { get; } =
    [
        .. Enumerable.Range(1, arguments.Handlers).Select(number => new CrewPlace(RoleName.Handler, number)),
        .. Enumerable.Range(1, arguments.Publishers).Select(number => new CrewPlace(RoleName.Publisher, number)),
    ];

    /// <summary>The places that have no process now.</summary>
    public IReadOnlyList<CrewPlace> Missing
    {
        get
        {
            Bury();
            return [.. Places.Where(place => !_running.ContainsKey(place))];
        }
    }

    /// <summary>Starts what is missing, one of it with a trap.</summary>
    /// <param name="trapped">Who has a trap ahead.</param>
    /// <param name="failpoint">Where.</param>
    /// <param name="hangs">Whether handlers may hang.</param>
    public void Start(CrewPlace? trapped = null, PlannedFailpoint? failpoint = null, bool hangs = false)
    {
        foreach (var place in Missing)
        {
            var isTrapped = place == trapped;
            _running.Add(place, new ChildProcess(Settings(place, isTrapped ? failpoint : null, hangs)));
            if (isTrapped || (hangs && place.Role == RoleName.Handler))
                _trapped.Add(place);
        }
    }

    /// <summary>Waits until everybody works.</summary>
    public Task AwaitReadinessAsync(CancellationToken cancellation) =>
        Task.WhenAll(_running.Values.Select(process => process.AwaitReadinessAsync(cancellation)));

    /// <summary>Waits until a process went into its trap; not for ever, because it may not come by.</summary>
    public Task AwaitTrapAsync(CrewPlace place, CancellationToken cancellation) =>
        Patience.UntilAsync(() => !_running.TryGetValue(place, out var process) || process.HasExited, TrapBound, cancellation);

    /// <summary>Kills processes, all in the same moment, and waits until they are gone.</summary>
    public async Task KillAsync(IEnumerable<CrewPlace> places, CancellationToken cancellation)
    {
        var victims = places.Where(_running.ContainsKey).ToList();
        var processes = victims.ConvertAll(place => _running[place]);
        foreach (var process in processes.Where(process => !process.HasExited))
            _history.Write(new HistoryLine { Step = HistoryStep.Killed, Process = process.Name, At = Clock.Now });
        foreach (var process in processes)
            process.Kill();
        foreach (var process in processes)
            await process.AwaitExitAsync(cancellation);
        _trapped.UnionWith(victims);
        Bury();
    }

    /// <summary>Gives places another generation of their service: whoever runs the other one there is asked to stop first.</summary>
    /// <returns>How many places have another one now.</returns>
    public async Task<int> DeployAsync(IReadOnlyDictionary<CrewPlace, Generation> generations, CancellationToken cancellation)
    {
        var changed = generations.Where(pair => _generations.GetValueOrDefault(pair.Key, Generation.Older) != pair.Value).ToList();
        await RetireAsync(changed.ConvertAll(pair => pair.Key), cancellation);
        foreach (var (place, generation) in changed)
            _generations[place] = generation;
        return changed.Count;
    }

    /// <summary>Asks processes to stop, and waits until they have; whoever was killed before does not mind.</summary>
    public async Task RetireAsync(IReadOnlyList<CrewPlace> places, CancellationToken cancellation)
    {
        await Task.WhenAll(places.Where(_running.ContainsKey).Select(place => _running[place].RetireAsync(cancellation)));
        foreach (var place in places)
        {
            _trapped.Remove(place);
            if (_running.Remove(place, out var process))
                process.Dispose();
        }
    }

    /// <summary>Sets a trap in a process while it runs.</summary>
    public void Trap(CrewPlace place, PlannedFailpoint failpoint)
    {
        if (!_running.TryGetValue(place, out var process))
            return;
        process.Trap(failpoint);
        _trapped.Add(place);
    }

    /// <summary>Waits until a process stands still in its trap; not for ever, because it may not come by.</summary>
    public Task AwaitHaltAsync(CrewPlace place, CancellationToken cancellation) => Patience.UntilAsync(
        () => !_running.TryGetValue(place, out var process) || process.HasExited || process.IsHalted, TrapBound, cancellation);

    /// <summary>Lets processes stand still for some time, and then everybody go on who stands still.</summary>
    public async Task HaltAsync(IReadOnlyList<CrewPlace> places, TimeSpan time, CancellationToken cancellation)
    {
        foreach (var process in places.Where(_running.ContainsKey).Select(place => _running[place]).Where(process => process is { HasExited: false, IsHalted: false }))
        {
            _history.Write(new HistoryLine { Step = HistoryStep.Halted, Process = process.Name, At = Clock.Now });
            process.Halt();
        }

        await Patience.PauseAsync(time, cancellation);
        foreach (var process in _running.Values)
            process.Continue();
    }

    /// <summary>Writes down that the server is killed now.</summary>
    public void NoteServerKill() => _history.Write(new HistoryLine { Step = HistoryStep.ServerKilled, At = Clock.Now });

    /// <summary>Kills everybody who still has a trap ahead, so that nobody dies from now on.</summary>
    public Task DisarmAsync(CancellationToken cancellation) => KillAsync([.. _trapped], cancellation);

    /// <summary>Asks everybody of a role to stop, and waits until they have.</summary>
    public async Task StopAsync(RoleName role, CancellationToken cancellation)
    {
        var leaving = _running.Where(pair => pair.Key.Role == role).ToList();
        await Task.WhenAll(leaving.Select(pair => pair.Value.StopAsync(cancellation)));
        foreach (var (place, process) in leaving)
        {
            _running.Remove(place);
            process.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var process in _running.Values)
            process.Dispose();
        _history.Dispose();
    }

    /// <summary>Lets go of the dead, if they died as they should.</summary>
    private void Bury()
    {
        foreach (var (place, process) in _running.Where(pair => pair.Value.HasExited).ToList())
        {
            if (!process.WasKilled || !_trapped.Remove(place))
                throw process.Ended();
            _running.Remove(place);
            process.Dispose();
        }
    }

    private RoleSettings Settings(CrewPlace place, PlannedFailpoint? failpoint, bool hangs)
    {
        var number = ++_started;
        return new RoleSettings
        {
            Role = place.Role,
            Place = place.ToString(),
            Process = $"{place}.{number}",
            Folder = folder,
            Transport = arguments.Transport,
            Address = address,
            Mode = arguments.Mode,
            UsesContexts = arguments.UsesContexts,
            Seed = unchecked(arguments.Seed * 31 + number),
            Keys = arguments.Keys,
            Pause = (1.0 + KeyPublisher.MostInARow) / 2 * arguments.Keys * arguments.Publishers / arguments.Rate,
            Sabotage = arguments.Sabotage,
            Disturbances = arguments.Disturbances,
            Generation = _generations.GetValueOrDefault(place, Generation.Older),
            Hangs = hangs,
            Failpoint = failpoint,
        };
    }
}
