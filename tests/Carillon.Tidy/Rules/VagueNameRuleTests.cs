namespace Carillon.Tidy;

public sealed class VagueNameRuleTests : RuleTests<VagueNameRule>
{
    [Theory]
    [InlineData("src/X/A.cs", "class A\n{\n class QueueHelper { } }", 3)]
    [InlineData("src/X/A.cs", "class A { }\nclass LaneManager { }", 2)]
    [InlineData("src/X/RetryUtils.cs", "class RetryUtils { }", 1)]
    [InlineData("src/X/Common/A.cs", "class A { }", 1)]
    [InlineData("tests/X/TestBase.cs", "class TestBase { }", 1)]
    public void Check_ShouldAskForAnIdea_WhenNameCouldHoldAnything(string path, string text, int line) =>
        AssertFinds(path, line, "could", (path, text));

    [Fact]
    public void Check_ShouldFindNothing_WhenNameOnlyContainsTheWord() =>
        AssertFindsNothing(("src/X/Database.cs", "class Database { class BaseAddress { } class Managers2 { } }"));
}
