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
        var planner = new RoundPlanner(1, Crew, DeliveryGuarantee.ExactlyOnce);
        var plans = Enumerable.Range(0, 1_000).Select(_ => planner.Next(Crew)).ToList();
        Assert.InRange(plans.Count(plan => plan.Trapped is not null), 400, 600);
        Assert.All(plans, plan => Assert.Equal(plan.Trapped is null, plan.Failpoint is null));
        Assert.All(plans, plan => Assert.NotEmpty(plan.Victims));
        Assert.Contains(plans, plan => plan.Victims.Count == Crew.Length);
        var expected = Failpoints.Of(RoleName.Handler, DeliveryGuarantee.ExactlyOnce);
        Assert.Empty(expected.Except(plans.Select(plan => plan.Failpoint?.Name ?? "")));
    }

    [Fact]
    public void Next_ShouldSetNoHandlersTrapForAPublisher_WhenOnlyPublishersAreMissing()
    {
        var planner = new RoundPlanner(1, Crew, DeliveryGuarantee.ExactlyOnce);
        var names = Enumerable.Range(0, 200).Select(_ => planner.Next(Crew[2..]).Failpoint?.Name).OfType<string>().Distinct();
        Assert.Equal(["sqlite.committed", "sqlite.committing"], names.Order(StringComparer.Ordinal));
    }

    private static List<string> Draw(int seed)
    {
        var planner = new RoundPlanner(seed, Crew, DeliveryGuarantee.AtLeastOnce);
        return [.. Enumerable.Range(0, 50).Select(_ => planner.Next(Crew)).Select(plan => $"{plan.Trapped} {plan.Failpoint} {plan.Moment} {string.Join(',', plan.Victims)}")];
    }
}
