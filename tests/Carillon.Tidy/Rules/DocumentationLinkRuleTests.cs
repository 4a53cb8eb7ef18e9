namespace Carillon.Tidy;

public sealed class DocumentationLinkRuleTests : RuleTests<DocumentationLinkRule>
{
    private static readonly (string, string) Target = ("docs/errors.md", "# Errors\n## CRL1001: a setting\n");

    [Theory]
    [InlineData("[a](gone.md)", "gone.md does not exist")]
    [InlineData("[a](errors.md#crl9999)", "docs/errors.md has no heading #crl9999")]
    [InlineData("![a](../../up.png)", "../../up.png does not exist")]
    [InlineData("[a](#nowhere)", "no heading #nowhere")]
    public void Check_ShouldNameTheTarget_WhenLinkLeadsNowhere(string link, string advice) =>
        AssertFinds("docs/a.md", 2, advice, Target, ("docs/a.md", "# A\n" + link));

    [Fact]
    public void Check_ShouldFindNothing_WhenLinksLeadSomewhere() =>
        AssertFindsNothing(Target, ("docs/a.md", """
            # A page
            [a](errors.md#crl1001-a-setting) [b](../docs) [c](https://example.org/gone) [d](#a-page) `[e](gone.md)`
            ```text
            [f](gone.md)
            ```
            """));
}
