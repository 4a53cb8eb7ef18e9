namespace Carillon.Tidy;

public sealed class MedianFileLengthRuleTests : RuleTests<MedianFileLengthRule>
{
    [Fact]
    public void Check_ShouldNameTheLongest_WhenMedianIsOverSixtyLines() =>
        AssertFinds("src/X/C.cs", 1, "median 61", ("src/X/A.cs", LinesOf(10)), ("src/X/B.cs", LinesOf(61)), ("src/X/C.cs", LinesOf(90)));

    [Fact]
    public void Check_ShouldFindNothing_WhenMedianIsSixtyLines() =>
        AssertFindsNothing(("src/X/A.cs", LinesOf(10)), ("src/X/B.cs", LinesOf(60)), ("src/X/C.cs", LinesOf(300)));

    private static string LinesOf(int count) => string.Concat(Enumerable.Repeat("// line\n", count));
}
