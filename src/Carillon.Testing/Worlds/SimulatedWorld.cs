using Carillon.Testing.Faults;
using Carillon.Testing.Histories;
using Carillon.Testing.Processes;
using Carillon.Testing.Scheduling;
using Carillon.Testing.Tracing;
using Carillon.Testing.Transports;

namespace Carillon.Testing.Worlds;

/// <summary>Everything that there is in one run: servers, machines with processes, clients, and what goes wrong between them.</summary>
internal sealed class SimulatedWorld
{
    private const ulong AcknowledgementTimeouts = 0xAC4;
    private readonly SeededRandom _random;
    private readonly SeededRandom _lingering;
    private readonly WorkOwner _outside;
    private readonly List<Machine> _machines = [];
    private readonly List<SimulatedTransport> _transports = [];
    private readonly List<Finding> _findings = [];
    private int _owners;

    /// <param name="plan">What there is.</param>
    /// <param name="seed">What decides everything that the plan leaves open.</param>
    /// <param name="kinds">What may go wrong.</param>
    /// <param name="isTraced">Whether somebody is going to read what happened.</param>
    public SimulatedWorld(WorldPlan plan, ulong seed, FaultKinds kinds, bool isTraced)
    {
        _random = new SeededRandom(seed);
        Scheduler = new SimulationScheduler(_random.Fork());
        Trace = new SimulationTrace(Scheduler, isTraced);
        Faults = new FaultInjector(Scheduler, _random.Fork(), kinds, Trace);
        HandlerFaults = new HandlerFaults(Faults, Scheduler, _random.Branch(1));
        _lingering = _random.Branch(2);
        _outside = new WorkOwner(Scheduler, 0, "world");
        var shape = plan.Shape ?? (_random.OneIn(2) ? WorldShape.OneDatabase : WorldShape.BrokerAndOutboxes);
        Servers = ServerSet.Create(Scheduler, shape, plan.Services, plan.Sql);
        foreach (var server in Servers.All)
            server.Clock.Skew = Faults.NextSkew();
        foreach (var store in Servers.Stores)
        {
            store.Database.IsStrict = Faults.MayHappen(FaultKinds.HostileText);
            store.Database.WasHandled = (subscription, message) => History.Effects.Contains(new Effect(subscription, message.Source, message.Id, message.Key, IsExactlyOnce: true));
            store.Database.IsHandled = (subscription, message) => Servers.Log.IsHandled(subscription, message, TransportOptions!.LeaseTime);
        }

        _owners = Servers.All.Count;
        foreach (var service in plan.Services)
        {
            for (var instance = 1; instance <= service.Instances; instance++)
                _machines.Add(new Machine(this, service, service.Instances == 1 ? service.Name : $"{service.Name}-{instance}"));
        }

        TransportOptions = new SimulatedTransportOptions { Order = Faults.NextOrder, AcknowledgementTimeout = NextAcknowledgementTimeout(_random.Branch(AcknowledgementTimeouts)) };
        Crowds = new Crowds(this, plan, _random.Branch(3));
        Clients = [.. plan.Clients.Select(client => new SimulatedClient(this, client.Service, _random.Fork()))];
    }

    /// <summary>What does all the work.</summary>
    public SimulationScheduler Scheduler { get; }

    /// <summary>What happened, for people.</summary>
    public SimulationTrace Trace { get; }

    /// <summary>What goes wrong.</summary>
    public FaultInjector Faults { get; }

    /// <summary>What goes wrong in handlers.</summary>
    public HandlerFaults HandlerFaults { get; }

    /// <summary>Who looks at dead letters.</summary>
    public SimulatedOperator Operator => field ??= new(this);

    /// <summary>The servers.</summary>
    public ServerSet Servers { get; }

    /// <summary>What was promised and what happened.</summary>
    public WorldHistory History { get; } = new();

    /// <summary>The places where processes run.</summary>
    public IReadOnlyList<Machine> Machines => _machines;

    /// <summary>Those who ask services for something, in the order of the plan.</summary>
    public IReadOnlyList<SimulatedClient> Clients { get; }

    /// <summary>Those who come when something has happened.</summary>
    public Crowds Crowds { get; }

    /// <summary>Every transport that any process ever opened.</summary>
    public IReadOnlyList<SimulatedTransport> Transports => _transports;

    /// <summary>How transports behave.</summary>
    public SimulatedTransportOptions TransportOptions { get; }

    /// <summary>What was found to be wrong.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Something is wrong that must never be.</summary>
    public void Report(string rule, string what, EventId message = default)
    {
        _findings.Add(new Finding(rule, what, message));
        Trace.Write("world", $"VIOLATION of \"{rule}\": {what}", message);
    }

    /// <summary>Has something done from outside of all processes.</summary>
    public void Run(Func<Task> work) => _outside.Run(work, error => Report("the simulation itself works", error.ToString()));

    /// <summary>Has something done from outside after a while.</summary>
    public void Later(TimeSpan delay, Action what) => Scheduler.Schedule(_outside, delay, static what => ((Action)what!)(), what);

    /// <summary>Waits from outside.</summary>
    public Task WaitAsync(TimeSpan delay)
    {
        var over = new TaskCompletionSource();
        Later(delay, over.SetResult);
        return over.Task;
    }

    /// <summary>Makes the next process of a machine.</summary>
    public SimulatedProcess CreateProcess(string name)
    {
        var process = new SimulatedProcess(Scheduler, ++_owners, name, _random.Fork());
        process.Clock.Skew = Faults.NextSkew();
        return process;
    }

    /// <summary>A process has ended: after a while every server notices it.</summary>
    public void Forget(SimulatedProcess process)
    {
        foreach (var store in Servers.Stores)
            Scheduler.Schedule(store.Server, Faults.NextTimeout(), _ => store.Database.RollbackOf(process), null);
    }

    /// <summary>How long it takes until a process is started again.</summary>
    public TimeSpan NextRestart() => TimeSpan.FromMilliseconds(_random.Next(10, 3_000));

    /// <summary>How long a process lives on after its services have stopped: what else its program ends takes a while.</summary>
    public TimeSpan NextLingering() => Faults.MayHappen(FaultKinds.HungHandler) ? TimeSpan.FromMilliseconds(_lingering.Next(3_000)) : TimeSpan.Zero;

    // Now and then the transport takes single messages back that are handled for long.
    private static TimeSpan? NextAcknowledgementTimeout(SeededRandom random) => random.OneIn(4) ? TimeSpan.FromMilliseconds(random.Next(200, 6_000)) : null;

    /// <summary>Takes note of a transport.</summary>
    public void Add(SimulatedTransport transport) => _transports.Add(transport);
}
