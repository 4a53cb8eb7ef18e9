namespace Carillon.KillTests;

/// <summary>The processes of a run, each in its place; whoever dies is replaced.</summary>
internal sealed class Crew(KillTestArguments arguments, string folder, string address) : IDisposable
{
    private static readonly TimeSpan TrapBound = TimeSpan.FromSeconds(3);
    private readonly Dictionary<CrewPlace, ChildProcess> _running = [];
    private readonly HashSet<CrewPlace> _trapped = [];
    private readonly HistoryWriter _history = new(HistoryFolder.PathOf(folder, "harness"));
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
    public void Start(CrewPlace? trapped = null, PlannedFailpoint? failpoint = null)
    {
        foreach (var place in Missing)
        {
            var isTrapped = place == trapped;
            _running.Add(place, new ChildProcess(Settings(place, isTrapped ? failpoint : null)));
            if (isTrapped)
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

    private RoleSettings Settings(CrewPlace place, PlannedFailpoint? failpoint)
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
            Seed = unchecked(arguments.Seed * 31 + number),
            Keys = arguments.Keys,
            Pause = (1.0 + KeyPublisher.MostInARow) / 2 * arguments.Keys * arguments.Publishers / arguments.Rate,
            Sabotage = arguments.Sabotage,
            Failpoint = failpoint,
        };
    }
}
