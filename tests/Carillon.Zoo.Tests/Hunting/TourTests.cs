using System.Text.RegularExpressions;

namespace Carillon.Zoo.Tests.Hunting;

/// <summary>The short form of the tour: what is found within a few seeds must go on being found.</summary>
public sealed partial class TourTests
{
    [Fact]
    [Trait("Guarantee", "G1")]
    [Trait("Guarantee", "G2")]
    [Trait("Guarantee", "G3")]
    [Trait("Guarantee", "G4")]
    [Trait("Guarantee", "G5")]
    public async Task Run_ShouldFindThem_WhenBugsAreLetOut()
    {
        var tour = await FinishedTour.RunAsync(
            "--control", "40", "--seeds", "2000", "--bug", "acknowledged-on-receipt,inbox-mark-after-the-commit,lane-per-message,outage-is-poison,poison-acknowledged,prefetch-without-room,refused-text-tried-for-ever");

        Assert.True(tour.ExitCode == 0, $"{tour.Errors}{tour.Output}");
        Assert.StartsWith("Without any bug: 40 runs, no violation.", tour.Output, StringComparison.Ordinal);
        Assert.EndsWith("7 of 7 found\n", tour.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ShouldEndWithOne_WhenTooFewAreFound()
    {
        var tour = await FinishedTour.RunAsync("--control", "1", "--seeds", "1", "--bug", "cursor-moves-back");

        Assert.Equal((1, true), (tour.ExitCode, tour.Output.EndsWith("0 of 1 found\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_ShouldSayWhatThereIs_WhenThereIsNoSuchBug()
    {
        var tour = await FinishedTour.RunAsync("--bug", "unicorn");

        Assert.Equal(2, tour.ExitCode);
        Assert.StartsWith("There is no bug \"unicorn\". There are acknowledged-before-commit, ", tour.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ShouldNamePeersAndGuarantee_WhenBugsAreListed()
    {
        var tour = await FinishedTour.RunAsync("--list");

        var bugs = tour.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Directory.GetFiles(FinishedTour.Bugs, "*.bug").Length, bugs.Length);
        Assert.InRange(bugs.Length, 20, int.MaxValue);
        Assert.All(bugs, bug => Assert.Matches(Row(), bug));
    }

    [Fact]
    public void Bug_ShouldAskTheKeeperForItself_WhenItIsWritten() => Assert.All(
        Directory.GetFiles(FinishedTour.Bugs, "*.bug"),
        bug => Assert.Contains($"ZooKeeper.Has(\"{Path.GetFileNameWithoutExtension(bug)}\")", File.ReadAllText(bug), StringComparison.Ordinal));

    [GeneratedRegex(@"^\| [a-z-]+ \| .+ \| .*(MassTransit|wolverine|CAP|NServiceBus|Rebus|Eventuous|marten|KafkaFlow|CritterWatch|Redlock|pulsar|Carillon itself).* \| G[1-8] \|$")]
    private static partial Regex Row();
}
