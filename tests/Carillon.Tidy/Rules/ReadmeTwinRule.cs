namespace Carillon.Tidy;

/// <summary>
/// README.md and README.zh-CN.md are twins: they link each other in the first line, have the same structure of headings and the very
/// same blocks of code.
/// </summary>
public sealed class ReadmeTwinRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        if (tree.Find("README.md") is not { } english)
            return [new("README.md", 1, nameof(ReadmeTwinRule), "README.md is missing")];
        if (tree.Find("README.zh-CN.md") is not { } chinese)
            return [english.Violation(this, 1, "README.zh-CN.md is missing: translate README.md")];
        return FirstLine(english, "[简体中文](README.zh-CN.md)")
            .Concat(FirstLine(chinese, "[English](README.md)"))
            .Concat(Headings(english, chinese))
            .Concat(Blocks(english, chinese));
    }

    private IEnumerable<Violation> FirstLine(SourceFile page, string link)
    {
        if (!page.Lines[0].Contains(link, StringComparison.Ordinal))
            yield return page.Violation(this, 1, $"the first line must link the other language: {link}");
    }

    private IEnumerable<Violation> Headings(SourceFile english, SourceFile chinese)
    {
        var wanted = Markdown.Headings(english).Select(heading => heading.Level).ToList();
        var present = Markdown.Headings(chinese).ToList();
        if (!wanted.SequenceEqual(present.Select(heading => heading.Level)))
            yield return chinese.Violation(this, 1, $"headings differ from README.md: levels {string.Join(' ', present.Select(heading => heading.Level))} instead of {string.Join(' ', wanted)}");
    }

    private IEnumerable<Violation> Blocks(SourceFile english, SourceFile chinese)
    {
        var wanted = Markdown.Blocks(english).ToList();
        var present = Markdown.Blocks(chinese).ToList();
        if (wanted.Count != present.Count)
            yield return chinese.Violation(this, 1, $"{present.Count} blocks of code instead of the {wanted.Count} of README.md");
        foreach (var (there, here) in wanted.Zip(present).Where(pair => pair.First.Code != pair.Second.Code))
            yield return chinese.Violation(this, here.Line, $"the block of code differs from README.md:{there.Line}: copy it as it is");
    }
}
