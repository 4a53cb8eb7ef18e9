namespace Carillon.KillTests.Tests;

public sealed class RoundPlannerTests
{
    private static readonly CrewPlace[] Crew = [new(RoleName.Handler, 1), new(RoleName.Handler, 2), new(RoleName.Publisher, 1), new(RoleName.Publisher, 2)];

    [Fact]
    public void Next_ShouldDrawTheSameRounds_WhenTheSeedIsTheSame()
    {
        Assert.Equal(Draw(seed: 5), Draw(seed: 5));
        Assert.NotEqual(Draw(seed: 5), Draw(seed: 6));
    }

    [Fact]
    public void Next_ShouldSetTrapsInHalfOfTheRounds_WhenManyAreDrawn()
    {
        var planner = new RoundPlanner(1, Crew, FailpointsOf);
        var plans = Enumerable.Range(0, 1_000).Select(_ => planner.Next(Crew)).ToList();
        Assert.InRange(plans.Count(plan => plan.Trapped is not null), 400, 600);
        Assert.All(plans, plan => Assert.Equal(plan.Trapped is null, plan.Failpoint is null));
        Assert.All(plans, plan => Assert.NotEmpty(plan.Victims));
        Assert.Contains(plans, plan => plan.Victims.Count == Crew.Length);
        var expected = FailpointsOf(RoleName.Handler);
        Assert.Empty(expected.Except(plans.Select(plan => plan.Failpoint?.Name ?? "")));
    }

    [Fact]
    public void Next_ShouldSetNoHandlersTrapForAPublisher_WhenOnlyPublishersAreMissing()
    {
        var planner = new RoundPlanner(1, Crew, FailpointsOf);
        var names = Enumerable.Range(0, 200).Select(_ => planner.Next(Crew[2..]).Failpoint?.Name).OfType<string>().Distinct();
        Assert.Equal(["sqlite.committed", "sqlite.committing"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Next_ShouldDrawTheSameFailpoints_WhenTheServerIsKilledToo()
    {
        Assert.Equal(Trapped(Draw(seed: 5)), Trapped(Draw(seed: 5, serverKills: 50)));
        static IEnumerable<string> Trapped(List<string> rounds) => rounds.Select(round => round.Split(' ')[0]);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(30, 200, 400)]
    [InlineData(100, 1_000, 1_000)]
    public void Next_ShouldKillTheServer_WhenTheShareSaysSo(int serverKills, int least, int most)
    {
        var planner = new RoundPlanner(1, Crew, FailpointsOf, serverKills);
        var plans = Enumerable.Range(0, 1_000).Select(_ => planner.Next(Crew)).ToList();
        Assert.InRange(plans.Count(plan => plan.Outage is not null), least, most);
        Assert.All(plans, plan => Assert.True(plan.AwaitsReadiness || plan.Outage is null));
        Assert.Equal(serverKills > 0, plans.Exists(plan => plan.Victims.Count == 0));
        Assert.Null(planner.Next([]).Trapped);
    }

    private static IReadOnlyList<string> FailpointsOf(RoleName role) => Failpoints.Of("sqlite", role, DeliveryGuarantee.ExactlyOnce);

    private static List<string> Draw(int seed, int serverKills = 0)
    {
        var planner = new RoundPlanner(seed, Crew, FailpointsOf, serverKills);
        return [.. Enumerable.Range(0, 50).Select(_ => planner.Next(Crew)).Select(plan => $"{plan.Trapped} {plan.Failpoint} {plan.Moment} {string.Join(',', plan.Victims)}")];
    }
}
