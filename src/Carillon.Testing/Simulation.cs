using Carillon.Testing.Runs;
using Carillon.Testing.Scheduling;
using Carillon.Testing.Worlds;

namespace Carillon.Testing;

/// <summary>
/// Runs services in a world in which things go wrong, again and again, each time as another seed says: the services' own code and the whole
/// of Carillon, on one thread, in virtual time. A seed that finds something finds it again.
/// </summary>
/// <example><code>
/// Simulation.Of(world =>
/// {
///     world.AddService("orders", carillon => carillon.AddHandlers());
///     world.AddClient("orders", client => client.PublishAsync(new OrderCreated("4711")));
///     world.CheckAtRest("the order is paid", () => payments.Contains("4711"));
/// }).Run(seeds: 1_000).ThrowIfViolated();
/// </code></example>
public sealed class Simulation
{
    private readonly Action<SimulationWorld> _define;
    private FaultKinds _faults = FaultKinds.All;

    private Simulation(Action<SimulationWorld> define) => _define = define;

    /// <summary>Defines a world. The definition is called once for each seed, so what it makes is new in each run.</summary>
    public static Simulation Of(Action<SimulationWorld> define)
    {
        ArgumentNullException.ThrowIfNull(define);
        return new Simulation(define);
    }

    /// <summary>Chooses what may go wrong. Default: everything.</summary>
    public Simulation With(FaultKinds faults)
    {
        _faults = faults;
        return this;
    }

    /// <summary>Runs several seeds, one after the other, on the calling thread, until one finds something.</summary>
    /// <param name="seeds">How many seeds, at least 1.</param>
    /// <param name="first">The first one.</param>
    /// <exception cref="InvalidOperationException">The world is not complete, or some code left the simulation's thread.</exception>
    public SimulationReport Run(int seeds, ulong first = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        var report = new SimulationReport();
        for (var seed = first; seed < first + (ulong)seeds && report.Violation is null; seed++)
            RunInto(report, seed, isTraced: false);
        return report;
    }

    /// <summary>Runs one seed again, and writes down what happens.</summary>
    /// <exception cref="InvalidOperationException">The world is not complete, or some code left the simulation's thread.</exception>
    public SimulationReport Replay(ulong seed)
    {
        var report = new SimulationReport();
        RunInto(report, seed, isTraced: true);
        return report;
    }

    private void RunInto(SimulationReport report, ulong seed, bool isTraced)
    {
        var began = TimeProvider.System.GetTimestamp();
        var world = RunOnce(seed, isTraced);
        if (world.Findings.Count > 0 && !isTraced)
            world = RunOnce(seed, isTraced: true);
        report.Add(seed, world, TimeProvider.System.GetElapsedTime(began));
    }

    private SimulatedWorld RunOnce(ulong seed, bool isTraced)
    {
        var random = new SeededRandom(seed);
        var plan = new WorldPlan();
        _define(new SimulationWorld(plan, random.Fork(), _faults));
        plan.Validate();
        var world = new SimulatedWorld(plan, random.NextUInt64(), _faults, isTraced);
        new WorldRun(plan, world, random).Run();
        return world;
    }
}
