namespace Carillon.Tidy;

public sealed class ProjectReferenceRuleTests : RuleTests<ProjectReferenceRule>
{
    [Theory]
    [InlineData("Carillon", "Carillon.Sqlite")]
    [InlineData("Carillon.Abstractions", "Carillon")]
    [InlineData("Carillon.Contracts", "Carillon.Abstractions")]
    [InlineData("Carillon.Sqlite", "Carillon")]
    [InlineData("Carillon.RabbitMq", "Carillon.Kafka")]
    public void Check_ShouldNameBoth_WhenReferencePointsTheWrongWay(string from, string to) =>
        AssertFinds($"src/{from}/{from}.csproj", 2, $"{from} may not refer to {to}",
            ($"src/{from}/{from}.csproj", $"<Project>\n<ProjectReference Include=\"../{to}/{to}.csproj\" />\n</Project>"));

    [Fact]
    public void Check_ShouldRefuse_WhenInsidesAreShownToAnotherProduct() =>
        AssertFinds("src/Carillon/Carillon.csproj", 1, "shows its insides to Carillon.Sqlite",
            ("src/Carillon/Carillon.csproj", "<InternalsVisibleTo Include=\"Carillon.Sqlite\" />"));

    [Fact]
    public void Check_ShouldFindNothing_WhenReferencesPointTheRightWay() =>
        AssertFindsNothing(("src/Carillon.Kafka/Carillon.Kafka.csproj", """
            <ProjectReference Include="../Carillon.Abstractions/Carillon.Abstractions.csproj" />
            <ProjectReference Include="..\Carillon.Relational\Carillon.Relational.csproj" />
            <InternalsVisibleTo Include="Carillon.Kafka.Tests" />
            """));

    [Fact]
    public void Check_ShouldFindNothing_WhenTheContractsShowTheirFailpoints() =>
        AssertFindsNothing(("src/Carillon.Abstractions/Carillon.Abstractions.csproj", "<InternalsVisibleTo Include=\"Carillon\" />"));
}
