namespace Carillon.Tidy;

public sealed class MethodLengthRuleTests : RuleTests<MethodLengthRule>
{
    [Theory]
    [InlineData("void M()", "M has 71 lines")]
    [InlineData("C()", "C has 71 lines")]
    public void Check_ShouldNameTheMethod_WhenItIsOverSeventyLines(string head, string advice) =>
        AssertFinds("src/X/C.cs", 3, advice, ("src/X/C.cs", Class(head, 71)));

    [Fact]
    public void Check_ShouldFindNothing_WhenMethodHasSeventyLines() =>
        AssertFindsNothing(("src/X/C.cs", Class("void M()", 70)));

    private static string Class(string head, int lines) =>
        $"class C\n{{\n{head}\n{{\n{string.Concat(Enumerable.Repeat("F();\n", lines - 3))}}}\n}}\n";
}
