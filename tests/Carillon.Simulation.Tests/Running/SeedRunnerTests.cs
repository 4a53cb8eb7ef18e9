using System.Diagnostics;
using Carillon.Simulations.CommandLine;
using Carillon.Simulations.Running;

namespace Carillon.Simulations.Tests.Running;

public sealed class SeedRunnerTests
{
    /// <summary>Seeds of other days are run too: the first one is another one every day, and a finding names it.</summary>
    private static ulong Today => (ulong)(TimeProvider.System.GetUtcNow().Date - DateTime.UnixEpoch).Days * 1_000_000;

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("CARILLON_TEST_SEEDS"), out var seeds) ? seeds : 1_500;

    [Fact]
    public void Run_ShouldFindNothing_WhenManySeedsAreRun()
    {
        var runner = new SeedRunner(SimulationArguments.Parse(["--seeds", $"{Seeds}", "--from", $"{Today}"]));

        runner.Run();

        Assert.Equal(Seeds, runner.Totals.Runs);
        Assert.Equal([], runner.Totals.Violations.Select(violation => violation.ToString()));
    }

    /// <summary>
    /// Seeds that found something once, with what they found. A change of the workload gives them another meaning, so each has a test of its own
    /// beside the code that was mended.
    /// </summary>
    [Theory]
    [InlineData(22_009UL)] // A delivery was lost alone, and what was set aside in its lane went with it: its store gave it to nobody any more (RevocationTests).
    [InlineData(10_042_226UL)] // The rest of a batch went on although an earlier message of its key was returned (StoppingTests).
    [InlineData(20_785_000_038UL)] // What was left of a pause was less than a timer can wait for, and was waited for without end (OutageCircuitTests).
    [InlineData(20_785_000_290UL)] // The store failed while a partition was taken back, which ended a worker with its keys (PartitionOwningTests).
    [InlineData(20_785_000_530UL)] // A parked message came back to an older version, and nobody told the newer one that lived (TransportConformance.Versions).
    [InlineData(20_787_001_485UL)] // A commit whose answer was lost, and a text that the store refused: its attempts could not be asked any more (SimulatedOperator).
    [InlineData(70_000_018_862UL)] // A late copy of an ignored message was taken for one that came too late (IgnoredMessages).
    [InlineData(70_000_042_724UL)] // A message that killed its processes was taken for one that an outage had buried (DeadlyMessagesEnd).
    [InlineData(80_000_001_507UL)] // Two versions handed a partition to and fro, and neither came to its messages (PartitionHandoversTests, DeadlyMessagesTests).
    public void Run_ShouldFindNothing_WhenASeedHasFoundSomethingBefore(ulong seed)
    {
        var runner = new SeedRunner(SimulationArguments.Parse(["--seed", $"{seed}"]));

        runner.Run();

        Assert.Empty(runner.Totals.Violations);
    }

    [Fact]
    public void Run_ShouldDoTheSame_WhenSeedsAreRunTwice()
    {
        var runner = new SeedRunner(SimulationArguments.Parse(["--seeds", "100", "--from", $"{Today}", "--twice"]));

        runner.Run();

        Assert.Equal(100, runner.Totals.Runs);
        Assert.Equal(0, runner.Totals.Unlike);
    }

    /// <summary>The hashes of strings differ from process to process, and so does much else that a seed must not depend on.</summary>
    [Fact]
    public async Task Run_ShouldDoTheSame_WhenAnotherProcessRunsTheSeeds()
    {
        string[] words = ["--seeds", "50", "--from", $"{Today}"];
        var runner = new SeedRunner(SimulationArguments.Parse(words));
        runner.Run();

        var output = await RunElsewhereAsync(words);

        Assert.Contains($"fingerprint {runner.Totals.Fingerprint:x16}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ShouldLetOnlyChosenFaultsHappen_WhenSomeAreChosen()
    {
        var runner = new SeedRunner(SimulationArguments.Parse(["--seeds", "20", "--fault", "crash,partition"]));

        runner.Run();

        Assert.Equal(["Crash", "Partition"], runner.Totals.Faults.Where(fault => fault.Value > 0).Select(fault => fault.Key.ToString()).Order());
    }

    private static async Task<string> RunElsewhereAsync(string[] words)
    {
        var program = typeof(SeedRunner).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. words]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
