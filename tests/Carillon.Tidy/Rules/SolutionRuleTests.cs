namespace Carillon.Tidy;

public sealed class SolutionRuleTests : RuleTests<SolutionRule>
{
    [Fact]
    public void Check_ShouldNameTheProject_WhenSolutionDoesNotListIt() =>
        AssertFinds("src/B/B.csproj", 1, "dotnet sln add src/B/B.csproj",
            ("Carillon.slnx", "<Project Path=\"src/A/A.csproj\" />"), ("src/A/A.csproj", ""), ("src/B/B.csproj", ""));
}
