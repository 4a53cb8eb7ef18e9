namespace Carillon.Tidy;

public sealed class LongMethodShareRuleTests : RuleTests<LongMethodShareRule>
{
    [Fact]
    public void Check_ShouldNameTheLongest_WhenMoreThanOneInFiftyIsLong() =>
        AssertFinds("src/X/Long.cs", 2, "split Long (31 lines)", ("src/X/Long.cs", Long), ("src/X/Short.cs", Short(48)));

    [Fact]
    public void Check_ShouldFindNothing_WhenOneInFiftyIsLong() =>
        AssertFindsNothing(("src/X/Long.cs", Long), ("src/X/Short.cs", Short(49)));

    private static string Long => $"class A {{\nvoid Long()\n{{\n{string.Concat(Enumerable.Repeat("F();\n", 28))}}}\n}}";

    private static string Short(int count) => $"class B {{ {string.Concat(Enumerable.Range(0, count).Select(i => $"void M{i}() {{ }}\n"))} }}";
}
