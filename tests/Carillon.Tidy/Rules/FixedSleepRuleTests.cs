namespace Carillon.Tidy;

public sealed class FixedSleepRuleTests : RuleTests<FixedSleepRule>
{
    [Theory]
    [InlineData("Thread.Sleep(100);")]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(1), cancellation);")]
    [InlineData("await System.Threading.Tasks.Task.Delay(5);")]
    public void Check_ShouldAskForACondition_WhenTestSleeps(string statement) =>
        AssertFinds("tests/X.Tests/A.cs", 2, "wait for a condition", ("tests/X.Tests/A.cs", $"class A {{ async Task M() {{\n{statement} }} }}"));

    [Fact]
    public void Check_ShouldAllowOne_WhenProjectHasTwoPrimitives() =>
        AssertFinds("tests/X.Tests/Wait.cs", 1, "the one primitive",
            ("tests/X.Tests/Eventually.cs", "class Eventually { Task M() => Task.Delay(5); }"), ("tests/X.Tests/Wait.cs", "class Wait { Task M() => Task.Delay(5); }"));

    [Fact]
    public void Check_ShouldFindNothing_WhenATimeOnlyBoundsTheWait() =>
        AssertFindsNothing(
            ("tests/X.Tests/Eventually.cs", "class Eventually { Task M() => Task.Delay(5); }"),
            ("tests/Y.Tests/Eventually.cs", "class Eventually { Task M() => Task.Delay(5); }"),
            ("tests/X.Tests/A.cs", "class A { Task M(CancellationToken c) => Task.Delay(Timeout.Infinite, c); Task N(Task t) => Task.WhenAny(t, Task.Delay(5)); }"));
}
