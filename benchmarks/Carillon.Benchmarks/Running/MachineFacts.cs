using System.Runtime;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Carillon.Benchmarks;

/// <summary>What the numbers depend on.</summary>
public static class MachineFacts
{
    public static void Print(BenchmarkArguments arguments)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Console.WriteLine($"{Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC, SQLite {connection.ServerVersion}, {Build()} build");
        Console.WriteLine($"median of {arguments.Runs} runs of {arguments.Duration.TotalSeconds:0.#} s after a warm-up, event of {SampleEvents.Size} bytes of JSON, files in {arguments.Folder}");
        Console.WriteLine();
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line.Split(':')[1].Trim()
            : "unknown";

#if DEBUG
    private static string Build() => "DEBUG (run with -c Release)";
#else
    private static string Build() => "release";
#endif
}
