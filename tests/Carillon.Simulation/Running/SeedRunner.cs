using System.Diagnostics;
using Carillon.Simulations.CommandLine;
using Carillon.Simulations.Workloads;
using Carillon.Testing;

namespace Carillon.Simulations.Running;

/// <summary>Runs seeds on several threads, each seed on one of them from beginning to end.</summary>
internal sealed class SeedRunner(SimulationArguments arguments)
{
    private readonly Simulation _simulation = arguments.Faults is { } faults ? Simulation.Of(ShopWorkload.Define).With(faults) : Simulation.Of(ShopWorkload.Define);
    private ulong _next = arguments.From;

    /// <summary>What came of it.</summary>
    public RunTotals Totals { get; } = new();

    /// <summary>Runs all seeds, and says what was found.</summary>
    /// <returns>Whether nothing was.</returns>
    public bool Run()
    {
        var began = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, arguments.Threads).Select(_ => new Thread(RunSome)).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        foreach (var violation in Totals.Violations.Skip(1))
            Console.WriteLine($"seed {violation.Seed} violates \"{violation.Rule}\": {violation.What}");
        if (Totals.Violations is [var first, ..])
            Console.WriteLine($"{first}\nThat is: dotnet run -c Release --project tests/Carillon.Simulation -- --seed {first.Seed} --trace{FaultArgument()}\n");
        Console.WriteLine(Totals.Describe(Stopwatch.GetElapsedTime(began), arguments.IsTwice));
        return Totals.Violations.Count == 0 && Totals.Unlike == 0;
    }

    /// <summary>Runs one seed and prints everything that happens.</summary>
    /// <returns>Whether nothing was found.</returns>
    public bool Trace()
    {
        var report = _simulation.Replay(arguments.From);
        Console.WriteLine(report.Trace);
        Console.WriteLine(report);
        return report.Violation is null;
    }

    private void RunSome()
    {
        var end = arguments.From + (ulong)arguments.Seeds;
        while (Interlocked.Increment(ref _next) - 1 is var seed && seed < end)
        {
            var report = _simulation.Run(1, seed);
            Totals.Add(report);
            if (arguments.IsTwice)
                Totals.Compare(report, _simulation.Run(1, seed));
        }
    }

    private string FaultArgument() => arguments.Faults is not { } faults ? "" : $" --fault {faults.ToString().Replace(" ", "", StringComparison.Ordinal)}";
}
