using System.Globalization;
using Carillon.Testing;

namespace Carillon.Simulations.Running;

/// <summary>What came of all seeds together. Safe to use from several threads.</summary>
internal sealed class RunTotals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FaultKinds, int> _faults = [];
    private readonly List<SimulationViolation> _violations = [];
    private int _runs;
    private long _handled;
    private long _steps;
    private TimeSpan _virtual;
    private ulong _fingerprint;

    /// <summary>What was found, by seed.</summary>
    public IReadOnlyList<SimulationViolation> Violations => [.. _violations.OrderBy(violation => violation.Seed)];

    /// <summary>How many seeds did not do the same when they were run again.</summary>
    public int Unlike { get; private set; }

    /// <summary>In how many runs each kind of fault happened.</summary>
    public IReadOnlyDictionary<FaultKinds, int> Faults => _faults;

    /// <summary>A fingerprint of everything that happened, in whatever order the seeds were run.</summary>
    public ulong Fingerprint
    {
        get
        {
            lock (_gate)
                return _fingerprint;
        }
    }

    /// <summary>How many seeds were run.</summary>
    public int Runs
    {
        get
        {
            lock (_gate)
                return _runs;
        }
    }

    /// <summary>A seed was run.</summary>
    public void Add(SimulationReport report)
    {
        lock (_gate)
        {
            _runs++;
            _handled += report.Handled;
            _steps += report.Steps;
            _virtual += report.VirtualTime;
            _fingerprint ^= report.Fingerprint;
            foreach (var (kind, runs) in report.Faults)
                _faults[kind] = _faults.GetValueOrDefault(kind) + runs;
            if (report.Violation is { } violation)
                _violations.Add(violation);
        }
    }

    /// <summary>A seed was run twice.</summary>
    public void Compare(SimulationReport first, SimulationReport second)
    {
        lock (_gate)
            Unlike += first.Fingerprint == second.Fingerprint ? 0 : 1;
    }

    /// <summary>Says it in a few lines.</summary>
    public string Describe(TimeSpan duration, bool isTwice)
    {
        lock (_gate)
        {
            var lines = new List<string>
            {
                Line($"{_runs} runs, {_handled} events handled, {_steps} steps, {_runs / duration.TotalSeconds:F0} runs/s, {_steps / duration.TotalSeconds:F0} steps/s"),
                Line($"{_virtual.TotalHours:F1} hours of virtual time in {duration.TotalSeconds:F0} s"),
                "faults, in how many runs:",
            };
            lines.AddRange(_faults.OrderBy(fault => fault.Key).Select(fault => Line($"  {fault.Key,-18} {fault.Value,8} ({100.0 * fault.Value / Math.Max(1, _runs):F0} %)")));
            if (isTwice)
                lines.Add(Line($"same seed twice, same fingerprint: {_runs - Unlike} of {_runs}"));
            lines.Add(Line($"fingerprint {_fingerprint:x16}"));
            lines.Add(Line($"{_violations.Count} violations"));
            return string.Join('\n', lines);
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
