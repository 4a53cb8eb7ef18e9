namespace Carillon.Benchmarks;

/// <summary>Runs the rows that were asked for: one warm-up, then several runs, of which the median counts.</summary>
public sealed class Runner(BenchmarkArguments arguments)
{
    public async Task RunAsync(IEnumerable<Workload> workloads)
    {
        foreach (var group in workloads.Where(IsWanted).GroupBy(workload => workload.Group))
        {
            var table = new ResultTable(group.Key);
            foreach (var workload in group)
                table.Add(workload, await MeasureAsync(workload));
            Console.WriteLine();
        }
    }

    private bool IsWanted(Workload workload) =>
        $"{workload.Group} {workload.Name}".Contains(arguments.Only, StringComparison.OrdinalIgnoreCase);

    private async Task<List<RunResult>> MeasureAsync(Workload workload)
    {
        await workload.RunAsync(TimeSpan.FromSeconds(Math.Min(1, arguments.Duration.TotalSeconds)));
        var results = new List<RunResult>();
        for (var i = 0; i < arguments.Runs; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            results.Add(await workload.RunAsync(arguments.Duration));
        }

        return results;
    }
}
