namespace Carillon.Docs.Tests;

public sealed class SnippetTests
{
    public static TheoryData<string, int> Snippets() =>
        [.. Pages.All().SelectMany(page => Pages.Snippets(page.Path, page.Lines)).Select(snippet => (snippet.Page, snippet.Line))];

    [Theory]
    [MemberData(nameof(Snippets))]
    public async Task Page_ShouldCompile_WhenReadByAUser(string page, int line)
    {
        var all = Pages.All().Where(other => other.Path == page).SelectMany(other => Pages.Snippets(other.Path, other.Lines)).ToList();
        var problems = await SnippetCompiler.CompileAsync(all.Single(snippet => snippet.Line == line), all);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public void Page_ShouldMarkItsCode_WhenItShowsCSharp()
    {
        var found = Pages.All().SelectMany(page => Pages.Unchecked(page.Lines).Select(line => $"{page.Path}:{line}: mark the block as \"csharp compile\", so that it cannot rot"));
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("var app = CarillonApp.Make(args);", "CS0117")]
    [InlineData("Console.WriteLine(Missing.Value);", "CS0103")]
    [InlineData("public static class A { [Handler] public static void On() { } }", "CRL0001")]
    [InlineData("public sealed class A { public string Name { get; set; } }", "CS8618")]
    public async Task Compile_ShouldReportIt_WhenPageHasRotted(string code, string expected)
    {
        var snippet = new Snippet("docs/planted.md", 10, "using Carillon;\n" + code);
        var problem = Assert.Single(await SnippetCompiler.CompileAsync(snippet, [snippet]));
        Assert.StartsWith($"docs/planted.md:11: {expected}", problem, StringComparison.Ordinal);
    }
}
