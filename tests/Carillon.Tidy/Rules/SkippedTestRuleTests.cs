namespace Carillon.Tidy;

public sealed class SkippedTestRuleTests : RuleTests<SkippedTestRule>
{
    [Theory]
    [InlineData("[Fact(Skip = \"later\")]")]
    [InlineData("[Theory(Explicit = true)]")]
    public void Check_ShouldNameTheTest_WhenItsAttributeSwitchesItOff(string mark) =>
        AssertFinds("tests/X.Tests/A.cs", 2, "Send_ShouldWork_WhenAsked is switched off",
            ("tests/X.Tests/A.cs", $"class A {{\n{mark} public void Send_ShouldWork_WhenAsked() {{ }} }}"));

    [Fact]
    public void Check_ShouldFindNothing_WhenTestDecidesWhileItRuns() =>
        AssertFindsNothing(("tests/X.Tests/A.cs", "class A { [Fact(DisplayName = \"x\")] public void M() => Assert.SkipUnless(Has, \"no server\"); }"));
}
