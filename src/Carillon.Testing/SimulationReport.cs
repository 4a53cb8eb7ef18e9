using System.Globalization;
using Carillon.Testing.Worlds;

namespace Carillon.Testing;

/// <summary>What came of running seeds.</summary>
public sealed class SimulationReport
{
    private readonly Dictionary<FaultKinds, int> _faults = Enum.GetValues<FaultKinds>().Where(kind => int.PopCount((int)kind) == 1).ToDictionary(kind => kind, _ => 0);

    /// <summary>How many seeds were run.</summary>
    public int Runs { get; private set; }

    /// <summary>How many messages were handled in them.</summary>
    public long Handled { get; private set; }

    /// <summary>How many pieces of work were done in them.</summary>
    public long Steps { get; private set; }

    /// <summary>How much virtual time went by in them.</summary>
    public TimeSpan VirtualTime { get; private set; }

    /// <summary>How long that took.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>In how many runs each kind of fault happened.</summary>
    public IReadOnlyDictionary<FaultKinds, int> Faults => _faults;

    /// <summary>A fingerprint of everything that happened: equal for equal seeds.</summary>
    public ulong Fingerprint { get; private set; } = 14695981039346656037;

    /// <summary>What was found, or null for nothing.</summary>
    public SimulationViolation? Violation { get; private set; }

    /// <summary>Everything that happened in the last run, if it was a replay or found something.</summary>
    public string? Trace { get; private set; }

    /// <summary>Fails when something was found.</summary>
    /// <exception cref="SimulationViolatedException">With the seed, what had gone wrong, and what happened.</exception>
    public void ThrowIfViolated()
    {
        if (Violation is { } violation)
            throw new SimulationViolatedException(violation);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Runs} runs, {Handled} messages handled, {Runs / Math.Max(Duration.TotalSeconds, 0.001):F0} runs/s, {(Violation is null ? "no violation" : $"violation at seed {Violation.Seed}")}");

    internal void Add(ulong seed, SimulatedWorld world, TimeSpan duration)
    {
        Runs++;
        Duration += duration;
        Handled += world.History.Effects.Count;
        Steps += world.Scheduler.Steps;
        VirtualTime += world.Scheduler.Elapsed;
        Fingerprint = (Fingerprint ^ world.Scheduler.Hash) * 1099511628211;
        foreach (var kind in _faults.Keys.Where(kind => (world.Faults.Happened & kind) != 0).ToArray())
            _faults[kind]++;
        if (world.Trace.IsWritten)
            Trace = world.Trace.Print(default);
        if (world.Findings is [var first, ..])
        {
            Violation = new SimulationViolation(
                seed, first.Rule, first.What, string.Join('\n', world.Faults.Records.Select(fault => $"{fault.Kind}: {fault.Description}")), world.Trace.Print(first.Message));
        }
    }
}
