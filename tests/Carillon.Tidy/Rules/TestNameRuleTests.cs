namespace Carillon.Tidy;

public sealed class TestNameRuleTests : RuleTests<TestNameRule>
{
    [Theory]
    [InlineData("[Fact] public void ItWorks() { }")]
    [InlineData("[Fact] public void Send_ShouldWork() { }")]
    [InlineData("[Xunit.Theory] public void Send_Works_WhenAsked() { }")]
    [InlineData("[DockerFact] public void Send_ShouldWork_IfAsked() { }")]
    [InlineData("[FactAttribute] public void Send_Should_When() { }")]
    public void Check_ShouldAskForTheForm_WhenNameHasAnother(string method) =>
        AssertFinds("tests/X.Tests/A.cs", 2, "Member_ShouldDoX_WhenY", ("tests/X.Tests/A.cs", $"class A {{\n{method} }}"));

    [Fact]
    public void Check_ShouldFindNothing_WhenNameHasTheForm() =>
        AssertFindsNothing(("tests/X.Tests/A.cs", "class A { [Fact] public void Send_ShouldWork_WhenAsked() { }\nvoid Help() { } }"));
}
