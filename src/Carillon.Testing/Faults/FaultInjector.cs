using Carillon.Testing.Network;
using Carillon.Testing.Processes;
using Carillon.Testing.Scheduling;
using Carillon.Testing.Tracing;
using Carillon.Transports;

namespace Carillon.Testing.Faults;

/// <summary>Draws from the seed what goes wrong, until everything heals, and remembers it.</summary>
internal sealed class FaultInjector : IFaultSource
{
    /// <summary>How much longer than usual a request or an answer may take.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(3);

    /// <summary>The longest time for which a process stands still, or does not reach a server: several times as long as a lease lasts.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private static readonly int[] _rates = [3, 10, 30, 100];

    // The faults of ordinary days are drawn apart and more rarely, so that they change nothing in the worlds that have none of them.
    private const ulong Everyday = 0xDA11;
    private const int EverydayRate = 5;
    private const int OftenRate = 4;

    // This chance says of the worlds of the recorded seeds that they are as they were.
    private const ulong Harshness = 0x442;

    private readonly SimulationScheduler _scheduler;
    private readonly SeededRandom _random;
    private readonly SimulationTrace _trace;
    private readonly FaultKinds _kinds;
    private readonly int _rate;
    private readonly List<FaultRecord> _records = [];
    private readonly HashSet<(string Process, string Server)> _cut = [];
    private readonly Dictionary<SimulatedServer, long> _slowUntil = [];

    /// <param name="scheduler">What tells the time.</param>
    /// <param name="random">What decides.</param>
    /// <param name="kinds">What may go wrong; each kind is drawn or not.</param>
    /// <param name="trace">Where it is written down.</param>
    public FaultInjector(SimulationScheduler scheduler, SeededRandom random, FaultKinds kinds, SimulationTrace trace)
    {
        (_scheduler, _random, _trace) = (scheduler, random, trace);
        IsHarsh = random.Branch(Harshness).OneIn(2);
        _kinds = Draw(kinds) | DrawEveryday(random.Branch(Everyday), kinds);
        _rate = _rates[random.Next(_rates.Length)];
    }

    /// <summary>Whether nothing goes wrong any more.</summary>
    public bool IsHealed { get; private set; }

    /// <summary>
    /// Whether faults of ordinary days meet with what makes them matter: an outage with many who come at once, a process that stands still with one that sees things otherwise,
    /// a text that no store holds with a message that always leads to it.
    /// </summary>
    public bool IsHarsh { get; }

    /// <summary>What went wrong, in order.</summary>
    public IReadOnlyList<FaultRecord> Records => _records;

    /// <summary>Which kinds went wrong.</summary>
    public FaultKinds Happened { get; private set; }

    /// <summary>Whether a kind of fault may happen now.</summary>
    public bool MayHappen(FaultKinds kind) => !IsHealed && (_kinds & kind) != 0;

    /// <summary>Whether a kind of fault happens this time.</summary>
    public bool Strikes(FaultKinds kind) => MayHappen(kind) && _random.OneIn(_rate);

    /// <summary>Whether a kind of fault happens this time that needs something else to matter, and therefore happens often.</summary>
    public bool StrikesOften(FaultKinds kind) => MayHappen(kind) && _random.OneIn(OftenRate);

    /// <summary>Something went wrong.</summary>
    public void Record(FaultKinds kind, string description)
    {
        Happened |= kind;
        _records.Add(new FaultRecord(kind, _scheduler.NowTicks, description));
        _trace.Write("fault", $"{kind}: {description}");
    }

    /// <summary>From now on nothing goes wrong.</summary>
    public void Heal()
    {
        IsHealed = true;
        _cut.Clear();
        _slowUntil.Clear();
    }

    /// <summary>Cuts the way between a process and a server, whoever runs at its ends.</summary>
    public void Cut(string process, SimulatedServer server) => _cut.Add((process, server.Name));

    /// <summary>Mends the way.</summary>
    public void Mend(string process, SimulatedServer server) => _cut.Remove((process, server.Name));

    /// <summary>Makes a server slow for a while.</summary>
    public void SlowDown(SimulatedServer server, TimeSpan duration) => _slowUntil[server] = _scheduler.NowTicks + duration.Ticks;

    /// <summary>How far a clock goes before or after the true time.</summary>
    public TimeSpan NextSkew() => MayHappen(FaultKinds.ClockSkew) ? TimeSpan.FromSeconds(_random.Next(-60, 60)) : TimeSpan.Zero;

    /// <summary>In which order messages of different partitions are handed over.</summary>
    public Comparison<Delivery> NextOrder()
    {
        if (!Strikes(FaultKinds.ReorderedDelivery))
            return static (one, other) => Nullable.Compare(one.Position, other.Position);
        Record(FaultKinds.ReorderedDelivery, "messages of different partitions overtake each other");
        return static (one, other) => string.CompareOrdinal(other.Partition, one.Partition);
    }

    /// <inheritdoc/>
    public bool IsConnected(SimulatedProcess process, SimulatedServer server) => _cut.Count == 0 || !_cut.Contains((process.Name, server.Name));

    /// <inheritdoc/>
    public TimeSpan? NextStandstill(SimulatedProcess process, ServerOperation operation)
    {
        // Little is set aside, and little of that by somebody who has a successor.
        if (operation != ServerOperation.SetAside || !(IsHarsh ? StrikesOften(FaultKinds.LateParking) : Strikes(FaultKinds.LateParking)))
            return null;
        var pause = TimeSpan.FromMilliseconds(_random.Next(IsHarsh ? 12_000 : 1_000, (int)LongestPause.TotalMilliseconds / 2));
        Record(FaultKinds.LateParking, $"{process.Name} stands still for {pause.TotalSeconds:F3} s before {operation}");
        return pause;
    }

    /// <inheritdoc/>
    public TimeSpan NextTimeout() => TimeSpan.FromMilliseconds(_random.Next(10, 2_000));

    /// <inheritdoc/>
    public CallFate Decide(SimulatedProcess process, SimulatedServer server, ServerOperation operation)
    {
        var fate = new CallFate(NextLatency(server), NextLatency(server), LosesRequest: !IsConnected(process, server));
        if (IsHealed || _kinds == FaultKinds.None)
            return fate;
        if (Strikes(FaultKinds.DelayedDelivery))
        {
            var delay = TimeSpan.FromMilliseconds(_random.Next((int)LongestDelay.TotalMilliseconds));
            Record(FaultKinds.DelayedDelivery, $"{operation} of {process.Name} takes {delay.TotalSeconds:F3} s longer");
            fate = _random.OneIn(2) ? fate with { There = fate.There + delay } : fate with { Back = fate.Back + delay };
        }

        return operation switch
        {
            ServerOperation.Fetch => Lose(FaultKinds.LostDelivery, fate, process, operation, request: false),
            ServerOperation.MoveCursor => Lose(FaultKinds.DuplicateDelivery, fate, process, operation, request: true),
            ServerOperation.Append or ServerOperation.Park or ServerOperation.SetAside => Lose(FaultKinds.LostConfirmation, fate, process, operation, request: false),
            ServerOperation.Commit => Lose(FaultKinds.UnknownCommit, fate, process, operation, request: _random.OneIn(2)),
            _ => fate,
        };
    }

    private CallFate Lose(FaultKinds kind, CallFate fate, SimulatedProcess process, ServerOperation operation, bool request)
    {
        if (!Strikes(kind))
            return fate;
        Record(kind, $"the {(request ? "request" : "answer")} of {operation} of {process.Name} is lost");
        return request ? fate with { LosesRequest = true } : fate with { LosesAnswer = true };
    }

    private TimeSpan NextLatency(SimulatedServer server)
    {
        var ticks = 500 + _random.Next(10_000);
        return TimeSpan.FromTicks(_slowUntil.TryGetValue(server, out var until) && _scheduler.NowTicks < until ? ticks * 100 : ticks);
    }

    private FaultKinds Draw(FaultKinds allowed)
    {
        var drawn = FaultKinds.None;
        for (var kind = 1; kind <= (int)FaultKinds.Restart; kind <<= 1)
        {
            if (_random.OneIn(2))
                drawn |= (FaultKinds)kind & allowed;
        }

        return drawn;
    }

    private static FaultKinds DrawEveryday(SeededRandom random, FaultKinds allowed)
    {
        var drawn = FaultKinds.None;
        for (var kind = (int)FaultKinds.Restart << 1; kind < (int)FaultKinds.All; kind <<= 1)
        {
            if (random.OneIn(EverydayRate))
                drawn |= (FaultKinds)kind & allowed;
        }

        return drawn;
    }
}
