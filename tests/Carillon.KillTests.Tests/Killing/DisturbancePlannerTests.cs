namespace Carillon.KillTests.Tests;

public sealed class DisturbancePlannerTests
{
    private static readonly CrewPlace[] Crew = [new(RoleName.Handler, 1), new(RoleName.Handler, 2), new(RoleName.Publisher, 1), new(RoleName.Publisher, 2)];
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    [Fact]
    public void Next_ShouldDrawNothing_WhenOnlyKillsWereAskedFor() => Assert.All(Draw(Disturbances.None), one =>
    {
        Assert.Empty(one.Deployment);
        Assert.Null(one.Standstill);
        Assert.False(one.Retires);
        Assert.Equal(Outage.None, one.Outage);
    });

    [Fact]
    public void Next_ShouldLetProcessesStandStillBeyondTheirLeases_WhenTheyAreToPause()
    {
        var plans = Draw(Disturbances.Pause);
        Assert.InRange(plans.Count(one => one.Standstill > Lease), 500, 750);
        Assert.Contains(plans, one => one.Standstill < Lease);
        Assert.Contains(plans, one => one.Failpoint is { Name: "message.parking", Halts: true });
        Assert.Empty(FailpointsOf(RoleName.Handler).Except(plans.Select(one => one.Failpoint?.Name ?? "")));
    }

    [Fact]
    public void Next_ShouldBringANewHandlerFirst_WhenVersionsComeAndGo()
    {
        var plans = Draw(Disturbances.Deploy);
        Assert.Empty(plans[0].Deployment);
        Assert.Equal(Generation.Newer, plans[1].Deployment[Crew[0]]);
        Assert.Single(plans[1].Deployment);
        Assert.Contains(plans, one => one.Deployment.Count == Crew.Length && one.Deployment.Values.All(generation => generation == Generation.Older));
        Assert.Contains(plans.Skip(2), one => one.Deployment.Count == 1);
    }

    [Fact]
    public void Final_ShouldLeaveSomebodyWhoHandlesEverything_WhenVersionsStaySideBySide()
    {
        var planner = new DisturbancePlanner(1, Crew, FailpointsOf, Disturbances.Deploy, Lease);
        planner.Next();
        planner.Next();
        var finals = Enumerable.Range(0, 100).Select(_ => planner.Final()).ToList();
        Assert.All(finals, final => Assert.Equal(Generation.Newer, final[Crew[0]]));
        Assert.Contains(finals, final => final[Crew[1]] == Generation.Older);
    }

    [Fact]
    public void Next_ShouldTakeEverythingAwayAtSomeTime_WhenThereAreOutages() =>
        Assert.Equal([Outage.DatabaseIsGone, Outage.DatabaseStands, Outage.DependencyIsGone], Draw(Disturbances.Outage).Select(one => one.Outage).Distinct().Order());

    private static IReadOnlyList<string> FailpointsOf(RoleName role) => Failpoints.Of("sqlite", role, DeliveryGuarantee.ExactlyOnce);

    private static List<Disturbance> Draw(Disturbances disturbances)
    {
        var planner = new DisturbancePlanner(1, Crew, FailpointsOf, disturbances, Lease);
        return [.. Enumerable.Range(0, 1_000).Select(_ => planner.Next())];
    }
}
