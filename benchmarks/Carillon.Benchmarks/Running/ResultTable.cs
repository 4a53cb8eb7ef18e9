using System.Globalization;

namespace Carillon.Benchmarks;

/// <summary>Prints the rows of one group as they come; each is compared with the first, which is the limit.</summary>
public sealed class ResultTable
{
    private double? _limit;

    public ResultTable(string group)
    {
        Console.WriteLine($"| {group,-44} | events/s | slowest-fastest run | of limit | p50 ms | p99 ms | B/event |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    }

    public void Add(Workload workload, List<RunResult> results)
    {
        var speed = Median(results, result => result.PerSecond);
        _limit ??= speed;
        var share = workload.IsSaturating ? string.Create(CultureInfo.InvariantCulture, $"{speed / _limit:P0}") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {workload.Name,-44} | {speed:N0} | {results.Min(result => result.PerSecond):N0}-{results.Max(result => result.PerSecond):N0} | {share} | {Median(results, result => result.P50.TotalMilliseconds):N2} | {Median(results, result => result.P99.TotalMilliseconds):N2} | {Median(results, result => result.BytesPerEvent):N0} |"));
    }

    private static double Median(List<RunResult> results, Func<RunResult, double> value)
    {
        var sorted = results.Select(value).Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
