using System.Globalization;
using Carillon.Tests;

namespace Carillon.KillTests.Tests;

/// <summary>The short form of the kill test, and the proof that it would notice.</summary>
public sealed class KillTestTests
{
    private const string Rounds = "20";

    // Seconds for what was published to be handled, on a machine that has much else to do.
    private const string Patience = "240";

    [Theory]
    [InlineData("sqlite", "at-least-once", 20, 20261)]
    [InlineData("sqlite", "exactly-once", 20, 20262)]
    [InlineData("postgres", "at-least-once", 5, 20263)]
    [InlineData("postgres", "exactly-once", 20, 20264)]
    [InlineData("sqlite-outbox", "exactly-once", 8, 20266)]
    [InlineData("sqlite", "ef", 8, 20267)]
    [InlineData("postgres", "ef", 8, 20268)]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [Trait("Guarantee", "G3")]
    public async Task Run_ShouldFindNothingWrong_WhenProcessesAreKilled(string transport, string mode, int rounds, int seed)
    {
        DemandServer(transport);
        var run = await FinishedRun.RunAsync("--transport", transport, "--mode", mode, "--rounds", Text(rounds), "--seed", Text(seed), "--patience", Patience);
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
        Assert.True(run.ExitCode == 0, $"{run.Errors}{run.Output}");
        Assert.Equal(rounds, run["rounds"]);
        Assert.InRange(run["kills"], rounds, int.MaxValue);
        Assert.InRange(run["acknowledged"], rounds, int.MaxValue);
        Assert.NotEmpty(run.Report.GetProperty("failpoints").EnumerateObject());
    }

    [Fact]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [Trait("Guarantee", "G3")]
    public async Task Run_ShouldFindNothingWrong_WhenTheServerIsKilledToo()
    {
        DemandServer("postgres");
        var run = await FinishedRun.RunAsync("--transport", "postgres", "--mode", "exactly-once", "--rounds", "6", "--seed", "20265", "--server-kills", "60", "--patience", Patience);
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
        Assert.True(run.ExitCode == 0, $"{run.Errors}{run.Output}");
        Assert.InRange(run["serverKills"], 1, 6);
    }

    /// <summary>The short forms of the ordinary days; an outage that fewer than five keys show cannot be told from bad messages.</summary>
    [Theory]
    [InlineData("sqlite", 6, 3, "--pause", "", "halts")]
    [InlineData("postgres", 6, 2, "--hang", "", "kills")]
    [InlineData("sqlite", 30, 2, "--outage", "1", "outages")]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [Trait("Guarantee", "G3")]
    [Trait("Guarantee", "G5")]
    public async Task Run_ShouldFindNothingWrong_WhenTheDayIsOrdinary(string transport, int keys, int rounds, string disturbance, string value, string figure)
    {
        DemandServer(transport);
        var run = await FinishedRun.RunAsync(
            ["--transport", transport, "--mode", "exactly-once", "--rounds", Text(rounds), "--seed", "3", "--keys", Text(keys), "--patience", Patience, .. Going(disturbance, value)]);
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
        Assert.True(run.ExitCode == 0, $"{run.Errors}{run.Output}");
        Assert.Equal(rounds, run["rounds"]);
        Assert.InRange(run[figure], 1, int.MaxValue);
    }

    [Theory]
    [InlineData("sqlite", "at-least-once")]
    [InlineData("sqlite", "exactly-once")]
    [InlineData("postgres", "exactly-once")]
    public async Task Run_ShouldReportLoss_WhenMessagesAreSettledBeforeTheirEffect(string transport, string mode)
    {
        DemandServer(transport);
        using var folder = new TemporaryFolder();
        var run = await FinishedRun.RunAsync(
            "--transport", transport, "--mode", mode, "--rounds", Rounds, "--drain-every", "5", "--seed", "4", "--folder", folder.Path, "--sabotage", "settle-before-commit");
        Assert.True(run.ExitCode == 1, $"{run.Errors}{run.Output}");
        Assert.InRange(run["lost"], 1, int.MaxValue);
        Assert.Contains("lost: ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Run_ShouldReportPhantoms_WhenMessagesAreSentBesideTheSave(string transport)
    {
        DemandServer(transport);
        var run = await FinishedRun.RunAsync(
            "--transport", transport, "--mode", "ef", "--rounds", Rounds, "--drain-every", "3", "--seed", "4", "--sabotage", "publish-outside");
        Assert.True(run.ExitCode == 1, $"{run.Errors}{run.Output}");
        Assert.True(run["phantom"] > 0 && run["parted"] > 0, $"{run.Errors}{run.Output}");
    }

    [Theory]
    [InlineData("--deploy", "", "pass-by-what-is-new", "lost")]
    [InlineData("--outage", "1", "give-up-early", "wronglyGivenUp")]
    [InlineData("--pause", "", "write-outside", "wronglyGivenUp")]
    public async Task Run_ShouldReportWhatIsWrong_WhenItIsDoneOnAnOrdinaryDay(string disturbance, string value, string sabotage, string figure)
    {
        var run = await FinishedRun.RunAsync(
            ["--transport", "sqlite", "--mode", "exactly-once", "--rounds", Rounds, "--drain-every", "4", "--seed", "2", "--sabotage", sabotage, .. Going(disturbance, value)]);
        Assert.True(run.ExitCode == 1, $"{run.Errors}{run.Output}");
        Assert.True(run[figure] > 0, $"{run.Errors}{run.Output}");
    }

    [Fact]
    [Trait("Guarantee", "G7")]
    public async Task Run_ShouldReportWhoStays_WhenProcessesThatAreAskedToStopDoNot()
    {
        var run = await FinishedRun.RunAsync(
            "--transport", "sqlite", "--mode", "exactly-once", "--rounds", Rounds, "--seed", "2", "--hang", "--sabotage", "stay-behind");
        Assert.True(run.ExitCode == 1, $"{run.Errors}{run.Output}");
        Assert.Contains("was asked to stop, had 5 s for it, and had not after 15 s", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ShouldEndWithTwo_WhenTheTransportIsUnknown()
    {
        var run = await FinishedRun.RunAsync("--transport", "pigeon", "--mode", "at-least-once", "--rounds", "1");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("--transport is \"pigeon\", but must be one of sqlite, postgres", run.Errors, StringComparison.Ordinal);
    }

    private static string[] Going(string disturbance, string value) => value.Length > 0 ? [disturbance, value] : [disturbance];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void DemandServer(string transport)
    {
        var isThere = transport != "postgres" || PostgreSqlPrograms.Folder is not null || Environment.GetEnvironmentVariable(GivenServerPlace.Variable) is { Length: > 0 };
        Assert.True(isThere || Environment.GetEnvironmentVariable("CI") is not { Length: > 0 }, "PostgreSQL is not installed here (Debian package postgresql).");
        Assert.SkipUnless(isThere, "PostgreSQL is not installed here (Debian package postgresql).");
    }
}
