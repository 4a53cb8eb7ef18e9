using System.Text.RegularExpressions;

namespace Carillon.Tidy;

/// <summary>
/// Every code can be looked up: those of ErrorCodes have a heading in docs/errors.md, those of the analyzers a page in docs/rules, and
/// nothing is documented that does not exist.
/// </summary>
public sealed partial class ErrorPageRule : IRule
{
    private const string Page = "docs/errors.md";

    public IEnumerable<Violation> Check(SourceTree tree) => RuntimeCodes(tree).Concat(Diagnostics(tree));

    private IEnumerable<Violation> RuntimeCodes(SourceTree tree)
    {
        var codes = tree.CSharp("src").Where(file => file.Name == "ErrorCodes.cs").SelectMany(file => Found(file, Constant())).ToList();
        var headings = tree.Find(Page) is { } page
            ? Markdown.Headings(page).Where(heading => Code().IsMatch(heading.Text)).ToDictionary(heading => Code().Match(heading.Text).Value, heading => page.Violation(this, heading.Line, "no such code in ErrorCodes: remove the heading"))
            : [];
        return codes.Where(code => !headings.ContainsKey(code.Id)).Select(code => code.File.Violation(this, code.Line, $"{code.Id} has no heading in {Page}: say what it means, why it happens and what to do"))
            .Concat(headings.Where(heading => codes.All(code => code.Id != heading.Key)).Select(heading => heading.Value));
    }

    private IEnumerable<Violation> Diagnostics(SourceTree tree)
    {
        var ids = tree.CSharp("src/Carillon.SourceGenerator").SelectMany(file => Found(file, Diagnostic())).DistinctBy(id => id.Id).ToList();
        var pages = tree.Pages().Where(file => file.Folder == "docs/rules" && Code().IsMatch(file.Name)).ToList();
        return ids.Where(id => pages.All(page => page.Name != id.Id + ".md")).Select(id => id.File.Violation(this, id.Line, $"{id.Id} has no page docs/rules/{id.Id}.md"))
            .Concat(pages.Where(page => ids.All(id => page.Name != id.Id + ".md")).Select(page => page.Violation(this, 1, "no analyzer reports this: remove the page")));
    }

    private static IEnumerable<(string Id, SourceFile File, int Line)> Found(SourceFile file, Regex pattern) =>
        from index in Enumerable.Range(0, file.Lines.Count)
        from Match found in pattern.Matches(file.Lines[index])
        select (found.Groups[1].Value, file, index + 1);

    [GeneratedRegex(@"const string \w+ = ""(CRL\d{4})""")]
    private static partial Regex Constant();

    [GeneratedRegex(@"""(CRL\d{4})""")]
    private static partial Regex Diagnostic();

    [GeneratedRegex(@"\bCRL\d{4}\b")]
    private static partial Regex Code();
}
