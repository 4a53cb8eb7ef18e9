namespace Carillon.Tidy;

public sealed class ErrorPageRuleTests : RuleTests<ErrorPageRule>
{
    private static readonly (string, string) Codes = ("src/Carillon.Abstractions/Errors/ErrorCodes.cs", "class ErrorCodes {\npublic const string A = \"CRL1001\"; }");
    private static readonly (string, string) Analyzer = ("src/Carillon.SourceGenerator/Diagnostics/A.cs", "class A {\nstring Id = \"CRL0001\"; }");

    [Fact]
    public void Check_ShouldNameTheCode_WhenErrorPageLacksIt() =>
        AssertFinds("src/Carillon.Abstractions/Errors/ErrorCodes.cs", 2, "CRL1001 has no heading", Codes, ("docs/errors.md", "# Errors\nCRL1001 in the text only"));

    [Fact]
    public void Check_ShouldNameTheHeading_WhenCodeDoesNotExist() =>
        AssertFinds("docs/errors.md", 2, "no such code", Codes, ("docs/errors.md", "## CRL1001: a\n## CRL1999: b"));

    [Fact]
    public void Check_ShouldNameTheDiagnostic_WhenItHasNoPage() =>
        AssertFinds("src/Carillon.SourceGenerator/Diagnostics/A.cs", 2, "docs/rules/CRL0001.md", Analyzer);

    [Fact]
    public void Check_ShouldNameThePage_WhenNoAnalyzerReportsIt() =>
        AssertFinds("docs/rules/CRL0002.md", 1, "remove the page", Analyzer, ("docs/rules/CRL0001.md", ""), ("docs/rules/CRL0002.md", ""));

    [Fact]
    public void Check_ShouldFindNothing_WhenEverythingHasItsPage() =>
        AssertFindsNothing(Codes, Analyzer, ("docs/errors.md", "## CRL1001: a"), ("docs/rules/CRL0001.md", ""), ("docs/rules/README.md", ""));
}
