namespace Carillon.Tidy;

public sealed class ProjectKindRuleTests : RuleTests<ProjectKindRule>
{
    private const string Library = "<Import Project=\"../../eng/Library.targets\" />";

    [Theory]
    [InlineData("<Project />", "imports 0 kinds")]
    [InlineData(Library + "<Import Project=\"../../eng/Tests.targets\" />", "imports 2 kinds")]
    public void Check_ShouldAskForOneKind_WhenThereIsNoneOrMore(string text, string advice) =>
        AssertFinds("src/X/X.csproj", 1, advice, ("src/X/X.csproj", text));

    [Fact]
    public void Check_ShouldRefuse_WhenProjectPinsAVersion() =>
        AssertFinds("src/X/X.csproj", 2, "Directory.Packages.props",
            ("src/X/X.csproj", Library + "\n<PackageReference Include=\"Polly.Core\" Version=\"8.0.0\" />"));

    [Fact]
    public void Check_ShouldFindNothing_WhenAnAbilityComesOnTop() =>
        AssertFindsNothing(("src/X/X.csproj", Library + "<Import Project=\"../../eng/UsesGenerator.targets\" /><PackageReference Include=\"A\" />"));
}
