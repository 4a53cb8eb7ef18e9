namespace Carillon.KillTests;

/// <summary>Everything that is known of a run: what was tried, what was acknowledged, what had which effect, and who was killed when.</summary>
internal sealed class History
{
    private readonly Dictionary<(string Key, long Version), bool> _attempts = [];
    private readonly List<Effect> _effects = [];
    private readonly HashSet<Happening> _happened = [];
    private readonly Dictionary<string, long> _kills = new(StringComparer.Ordinal);
    private readonly List<long> _serverKills = [];
    private readonly SortedDictionary<string, int> _failpoints = new(StringComparer.Ordinal);
    private readonly HashSet<Happening> _buried = [];
    private readonly HashSet<Happening> _buriedAlive = [];
    private readonly HashSet<(string Key, long Version)> _discarded = [];

    /// <summary>How many messages were to be published.</summary>
    public int Attempts => _attempts.Count;

    /// <summary>The messages whose publishing was acknowledged.</summary>
    public IEnumerable<(string Key, long Version)> Acknowledged => _attempts.Where(attempt => attempt.Value).Select(attempt => attempt.Key);

    /// <summary>The effects, in the order of their commits.</summary>
    public IReadOnlyList<Effect> Effects => _effects;

    /// <summary>How many processes were killed.</summary>
    public int Kills => _kills.Count;

    /// <summary>How often the server of the transport was killed.</summary>
    public int ServerKills => _serverKills.Count;

    /// <summary>How often a process stood still.</summary>
    public int Halts { get; private set; }

    /// <summary>How often a process killed itself, or stood still, at each failpoint.</summary>
    public IReadOnlyDictionary<string, int> Failpoints => _failpoints;

    /// <summary>What is a dead letter.</summary>
    public IReadOnlySet<Happening> DeadLetters { get; private set; } = new HashSet<Happening>();

    /// <summary>What was seen to be a dead letter, at any time.</summary>
    public IReadOnlySet<Happening> Buried => _buried;

    /// <summary>What was seen to be a dead letter although it had happened already.</summary>
    public IReadOnlySet<Happening> BuriedAlive => _buriedAlive;

    /// <summary>How many messages were published and then rolled back.</summary>
    public int Discarded => _discarded.Count;

    /// <summary>The rows that publishers have committed with their messages.</summary>
    public IReadOnlySet<(string Key, long Version)> Bookings { get; set; } = new HashSet<(string Key, long Version)>();

    /// <summary>Whether a message was to be published.</summary>
    public bool WasTried(string key, long version) => _attempts.ContainsKey((key, version));

    /// <summary>When a process was about to be killed, or null when it was not.</summary>
    public long? KilledAt(string process) => _kills.TryGetValue(process, out var at) ? at : null;

    /// <summary>Whether the server was killed between two moments.</summary>
    public bool WasServerKilled(long after, long before) => _serverKills.Exists(at => at >= after && at <= before);

    /// <summary>Adds a line of a history file.</summary>
    /// <exception cref="InvalidDataException">The histories contradict themselves: the harness is broken.</exception>
    public void Add(HistoryLine line)
    {
        switch (line.Step)
        {
            case HistoryStep.Discarded when _attempts.ContainsKey((line.Key!, line.Version)) || !_discarded.Add((line.Key!, line.Version)):
            case HistoryStep.Intent when _discarded.Contains((line.Key!, line.Version)):
                throw new InvalidDataException($"{line.Key} version {line.Version} was rolled back and published.");
            case HistoryStep.Intent when !_attempts.TryAdd((line.Key!, line.Version), false):
                throw new InvalidDataException($"{line.Key} version {line.Version} was published twice.");
            case HistoryStep.Acknowledged when !_attempts.ContainsKey((line.Key!, line.Version)):
                throw new InvalidDataException($"{line.Key} version {line.Version} was acknowledged without an intent.");
            case HistoryStep.Acknowledged:
                _attempts[(line.Key!, line.Version)] = true;
                break;
            case HistoryStep.ServerKilled:
                _serverKills.Add(line.At);
                break;
            case HistoryStep.Killed:
                // A process may be about to kill itself when the harness kills it too: the first moment counts.
                _kills[line.Process!] = Math.Min(line.At, _kills.GetValueOrDefault(line.Process!, line.At));
                Count(line.Failpoint);
                break;
            case HistoryStep.Halted:
                Halts++;
                Count(line.Failpoint);
                break;
        }
    }

    /// <summary>Adds effects that are later than all before.</summary>
    public void Add(IEnumerable<Effect> effects)
    {
        foreach (var effect in effects)
        {
            _effects.Add(effect);
            _happened.Add(effect.Happening);
        }
    }

    /// <summary>Adds what is a dead letter now. The effects were read before.</summary>
    public void Add(IReadOnlySet<Happening> dead)
    {
        DeadLetters = dead;
        _buried.UnionWith(dead);
        _buriedAlive.UnionWith(dead.Where(_happened.Contains));
    }

    private void Count(string? failpoint)
    {
        if (failpoint is not null)
            _failpoints[failpoint] = _failpoints.GetValueOrDefault(failpoint) + 1;
    }
}
