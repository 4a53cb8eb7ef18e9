namespace Carillon.Tidy;

public sealed class UnfinishedWorkRuleTests : RuleTests<UnfinishedWorkRule>
{
    [Theory]
    [InlineData("// TO" + "DO: think")]
    [InlineData("// FIX" + "ME")]
    [InlineData("/* HA" + "CK */")]
    [InlineData("throw new NotImplemented" + "Exception();")]
    public void Check_ShouldAskForTheWork_WhenSomethingIsLeft(string line) =>
        AssertFinds("docs/a.md", 2, "do it now", ("docs/a.md", "first\n" + line));

    [Fact]
    public void Check_ShouldFindNothing_WhenWordIsPartOfAnother() =>
        AssertFindsNothing(("src/X/A.cs", "class Hackney; // a todo list is a feature"));
}
