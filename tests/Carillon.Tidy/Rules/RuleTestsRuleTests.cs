namespace Carillon.Tidy;

public sealed class RuleTestsRuleTests : RuleTests<RuleTestsRule>
{
    private static readonly (string, string) Rule = ("tests/Carillon.Tidy/Rules/ARule.cs", "class ARule : IRule { }");

    [Fact]
    public void Check_ShouldNameTheRule_WhenNothingIsPlanted() =>
        AssertFinds("tests/Carillon.Tidy/Rules/ARule.cs", 1, "plant a violation", Rule, ("tests/Carillon.Tidy/Rules/ARuleTests.cs", "class ARuleTests;"));

    [Fact]
    public void Check_ShouldFindNothing_WhenSomethingIsPlanted() =>
        AssertFindsNothing(Rule, ("tests/Carillon.Tidy/Rules/ARuleTests.cs", "AssertFinds(\"x\""));
}
