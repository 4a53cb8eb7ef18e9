using System.Globalization;

namespace Carillon.KillTests.Tests;

/// <summary>The short form of the kill test, and the proof that it would notice.</summary>
public sealed class KillTestTests
{
    private const string Rounds = "20";

    [Theory]
    [InlineData("at-least-once", 20261)]
    [InlineData("exactly-once", 20262)]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [Trait("Guarantee", "G3")]
    public async Task Run_ShouldFindNothingWrong_WhenProcessesAreKilled(string mode, int seed)
    {
        var run = await FinishedRun.RunAsync("--transport", "sqlite", "--mode", mode, "--rounds", Rounds, "--seed", seed.ToString(CultureInfo.InvariantCulture));
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
        Assert.True(run.ExitCode == 0, $"{run.Errors}{run.Output}");
        Assert.Equal(Rounds, run["rounds"].ToString(CultureInfo.InvariantCulture));
        Assert.InRange(run["kills"], 20, int.MaxValue);
        Assert.InRange(run["acknowledged"], 20, int.MaxValue);
        Assert.NotEmpty(run.Report.GetProperty("failpoints").EnumerateObject());
    }

    [Theory]
    [InlineData("at-least-once")]
    [InlineData("exactly-once")]
    public async Task Run_ShouldReportLoss_WhenMessagesAreSettledBeforeTheirEffect(string mode)
    {
        using var folder = new TemporaryFolder();
        var run = await FinishedRun.RunAsync(
            "--transport", "sqlite", "--mode", mode, "--rounds", Rounds, "--drain-every", "5", "--seed", "4", "--folder", folder.Path, "--sabotage", "settle-before-commit");
        Assert.True(run.ExitCode == 1, $"{run.Errors}{run.Output}");
        Assert.InRange(run["lost"], 1, int.MaxValue);
        Assert.Contains("lost: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ShouldEndWithTwo_WhenTheTransportIsUnknown()
    {
        var run = await FinishedRun.RunAsync("--transport", "pigeon", "--mode", "at-least-once", "--rounds", "1");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("--transport is \"pigeon\", but must be one of sqlite", run.Errors, StringComparison.Ordinal);
    }
}
