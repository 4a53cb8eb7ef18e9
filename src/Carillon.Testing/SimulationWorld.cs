using System.Data.Common;
using Carillon.Testing.Worlds;

namespace Carillon.Testing;

/// <summary>Defines what there is in a simulated world, and what must be true in it.</summary>
public sealed class SimulationWorld
{
    private readonly WorldPlan _plan;

    private readonly FaultKinds _faults;

    internal SimulationWorld(WorldPlan plan, Random random, FaultKinds faults) => (_plan, Random, _faults) = (plan, random, faults);

    /// <summary>Chance, decided by the seed: for what differs from run to run.</summary>
    public Random Random { get; }

    /// <summary>Whether a kind of fault may happen in this simulation; in which seeds it does, chance decides.</summary>
    public bool Allows(FaultKinds kind) => (_faults & kind) == kind;

    /// <summary>Adds a service. Its transport, store and schedule are the world's; everything else is said as in a host.</summary>
    /// <param name="name">The service's name, another one for each service.</param>
    /// <param name="configure">Says what it handles. Called for every process of it, so what it makes is new in each.</param>
    /// <param name="instances">How many processes of it run, 1 to 16.</param>
    public SimulationWorld AddService(string name, Action<ICarillonBuilder> configure, int instances = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentOutOfRangeException.ThrowIfLessThan(instances, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(instances, 16);
        if (_plan.Services.Exists(service => service.Name == name))
            throw new ArgumentException($"There is a service {name} already. More processes of it are its instances.", nameof(name));
        _plan.Services.Add(new ServiceDefinition(name, [configure], instances));
        return this;
    }

    /// <summary>
    /// Adds a newer version of a service. With <see cref="FaultKinds.Deployment"/> its processes go to and fro between the versions, and stay side by side;
    /// at the end at least one process runs the newest one, or older ones that together handle as much, and all of that must have been handled. Otherwise all run the newest one.
    /// </summary>
    /// <param name="service">The name of a service that was added before.</param>
    /// <param name="configure">Says what it handles now.</param>
    public SimulationWorld AddVersion(string service, Action<ICarillonBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var definition = _plan.Services.Find(known => known.Name == service)
            ?? throw new ArgumentException($"There is no service {service}: add it before its versions.", nameof(service));
        definition.Versions.Add(configure);
        return this;
    }

    /// <summary>Adds somebody outside who asks a service for something. When it throws, that is a finding.</summary>
    /// <param name="service">The name of a service of this world, which may be added later.</param>
    /// <param name="behave">What it asks, once in a run.</param>
    public SimulationWorld AddClient(string service, Func<SimulatedClient, Task> behave)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(behave);
        _plan.Clients.Add((service, behave));
        return this;
    }

    /// <summary>Adds many who come at once when something has happened, in every other world where it happens.</summary>
    /// <param name="service">The name of a service of this world, which they ask.</param>
    /// <param name="when">
    /// <see cref="FaultKinds.Outage"/>: the first time that what handlers need is away. <see cref="FaultKinds.LateParking"/>: some time after the beginning.
    /// <see cref="FaultKinds.Deployment"/>: when all has healed, and versions stay side by side.
    /// </param>
    /// <param name="behave">What they ask.</param>
    public SimulationWorld AddCrowd(string service, FaultKinds when, Func<SimulatedClient, Task> behave)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(behave);
        _plan.Crowds.Add((service, when, behave));
        return this;
    }

    /// <summary>Chooses the servers. Default: the seed decides.</summary>
    public SimulationWorld Use(WorldShape shape)
    {
        _plan.Shape = shape;
        return this;
    }

    /// <summary>
    /// Gives the databases a SQL engine for the user's rows, such as a SQLite file in memory: handlers' transactions are then transactions of
    /// it. One transaction is open at a time.
    /// </summary>
    /// <param name="create">Makes a connection that is not open; all that it makes in one run are to the same database.</param>
    public SimulationWorld UseSql(Func<DbConnection> create)
    {
        _plan.Sql = create;
        return this;
    }

    /// <summary>Says what is to be done when the run is over, such as deleting files.</summary>
    public SimulationWorld OnEnd(Action clean)
    {
        ArgumentNullException.ThrowIfNull(clean);
        _plan.Ends.Add(clean);
        return this;
    }

    /// <summary>Says what must be true all the time.</summary>
    /// <param name="rule">What it is, for people.</param>
    /// <param name="isTrue">Looks whether it is true, every 100 milliseconds of virtual time. What it throws counts as not true, and is shown.</param>
    public SimulationWorld CheckAlways(string rule, Func<bool> isTrue)
    {
        ArgumentNullException.ThrowIfNull(isTrue);
        _plan.Checks.Add((rule, isTrue));
        return this;
    }

    /// <summary>Says what must be true all the time, as an assertion.</summary>
    /// <param name="rule">What it is, for people.</param>
    /// <param name="assert">Throws where it is not true; called every 100 milliseconds of virtual time.</param>
    public SimulationWorld CheckAlways(string rule, Action assert) => CheckAlways(rule, Holds(assert));

    /// <summary>Says what must be true when everything has healed, all is handled, and the services have stopped.</summary>
    /// <param name="rule">What it is, for people.</param>
    /// <param name="isTrue">Looks whether it is true. What it throws counts as not true, and is shown.</param>
    public SimulationWorld CheckAtRest(string rule, Func<bool> isTrue)
    {
        ArgumentNullException.ThrowIfNull(isTrue);
        _plan.FinalChecks.Add((rule, isTrue));
        return this;
    }

    /// <summary>Says what must be true when everything has healed, all is handled, and the services have stopped, as an assertion.</summary>
    /// <param name="rule">What it is, for people.</param>
    /// <param name="assert">Throws where it is not true.</param>
    public SimulationWorld CheckAtRest(string rule, Action assert) => CheckAtRest(rule, Holds(assert));

    private static Func<bool> Holds(Action assert)
    {
        ArgumentNullException.ThrowIfNull(assert);
        return () =>
        {
            assert();
            return true;
        };
    }
}
