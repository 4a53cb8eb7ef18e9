namespace Carillon.Tidy;

public sealed class ForeignPlaceRuleTests : RuleTests<ForeignPlaceRule>
{
    [Theory]
    [InlineData("cd /ho" + "me/anna/carillon")]
    [InlineData("\"/wo" + "rk/shared\"")]
    [InlineData("C:" + "\\Users\\anna")]
    [InlineData("https://feed.example/nuget/v3/ind" + "ex.json")]
    [InlineData("https://api.nu" + "get.org/x")]
    public void Check_ShouldNameThePlace_WhenItExistsOnOneMachineOnly(string line) =>
        AssertFinds("docs/a.md", 2, "one machine only", ("docs/a.md", "# A\n" + line));

    [Fact]
    public void Check_ShouldFindNothing_WhenPlacesAreRelative() =>
        AssertFindsNothing(("docs/a.md", "see ../shared/nuget, $HOME/home/x, /services/orders, ~/work/x and https://example.org/home/x"));
}
