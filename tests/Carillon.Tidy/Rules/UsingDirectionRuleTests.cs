namespace Carillon.Tidy;

public sealed class UsingDirectionRuleTests : RuleTests<UsingDirectionRule>
{
    private static readonly (string, string) Lane = ("src/Carillon/Subscribing/Lane.cs", "namespace Carillon.Subscribing;\nclass Lane;");

    [Theory]
    [InlineData("using Carillon.Subscribing;")]
    [InlineData("global using Carillon.Subscribing;")]
    [InlineData("using static global::Carillon.Subscribing;")]
    public void Check_ShouldNameBoth_WhenStoreUsesTheRuntime(string directive) =>
        AssertFinds("src/Carillon.Sqlite/A.cs", 1, "Carillon.Sqlite may not use Carillon.Subscribing of Carillon",
            Lane, ("src/Carillon.Sqlite/A.cs", directive + "\nnamespace Carillon.Sqlite;"));

    [Fact]
    public void Check_ShouldFindNothing_WhenTheRuntimeUsesItself() =>
        AssertFindsNothing(Lane, ("src/Carillon/Hosting/A.cs", "using System;\nusing Carillon.Subscribing;"));
}
