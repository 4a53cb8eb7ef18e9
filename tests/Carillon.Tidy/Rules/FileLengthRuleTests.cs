namespace Carillon.Tidy;

public sealed class FileLengthRuleTests : RuleTests<FileLengthRule>
{
    [Fact]
    public void Check_ShouldRefuse_WhenFileIsOverSixHundredLines() =>
        AssertFinds("src/X/Long.cs", 600, "split", ("src/X/Long.cs", LinesOf(601)));

    [Fact]
    public void Check_ShouldAskForAReason_WhenFileIsOverFourHundredLines() =>
        AssertFinds("src/X/Long.cs", 400, "say in FileLengthRule why", ("src/X/Long.cs", LinesOf(401)));

    [Fact]
    public void Check_ShouldFindNothing_WhenFileHasFourHundredLines() =>
        AssertFindsNothing(("src/X/Long.cs", LinesOf(400)));

    private static string LinesOf(int count) => string.Concat(Enumerable.Repeat("// line\n", count));
}
