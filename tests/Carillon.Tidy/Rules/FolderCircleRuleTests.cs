namespace Carillon.Tidy;

public sealed class FolderCircleRuleTests : RuleTests<FolderCircleRule>
{
    [Fact]
    public void Check_ShouldNameEveryEdge_WhenThreeFoldersLeanInACircle()
    {
        var found = new FolderCircleRule().Check(SourceTree.Of(
            ("src/X/A/One.cs", "namespace X;\nclass One\n{\n    void Run(Two two) => two.Run(null);\n}"),
            ("src/X/B/Two.cs", "namespace X;\nclass Two { public void Run(object o) => Three.Answer(); }"),
            ("src/X/C/Three.cs", "namespace X;\nclass Three { public static object Answer() => new One(); }"))).ToList();
        Assert.Equal(3, found.Count);
        Assert.Equal(("src/X/A/One.cs", 4), (found[0].File, found[0].Line));
        Assert.Contains("src/X/A uses Two of src/X/B", found[0].Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ShouldSeeThroughVar_WhenNoTypeIsWritten() =>
        Assert.Equal(2, new FolderCircleRule().Check(SourceTree.Of(
            ("src/X/A/One.cs", "namespace X;\nclass One { public int Size; public static One Make() => Two.Make(); }"),
            ("src/X/B/Two.cs", "namespace X;\nclass Two { public static One Make() => null; }"))).Count());

    [Fact]
    public void Check_ShouldFindNothing_WhenFoldersLeanOneWay() =>
        AssertFindsNothing(
            ("src/X/A/One.cs", "namespace X;\nclass One { void Run(Two two) => two.Run(); }"),
            ("src/X/A/Again.cs", "namespace X;\nclass Again { void Run(One one, Two two) => two.Run(); }"),
            ("src/X/B/Two.cs", "namespace X;\nclass Two { public void Run() { } }"));

    [Fact]
    public void Check_ShouldRefuseToJudge_WhenNamesCannotBeResolved() =>
        AssertFinds("src/X/A/One.cs", 1, "could be resolved", ("src/X/A/One.cs", "class One { Unknown Make(Missing m) => Gone.From(m); }"));
}
