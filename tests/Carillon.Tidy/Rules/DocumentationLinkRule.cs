namespace Carillon.Tidy;

/// <summary>Links inside the documentation lead somewhere: the file exists, and so does the heading.</summary>
public sealed class DocumentationLinkRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree) =>
        from page in tree.Pages()
        from link in Markdown.Links(page)
        where !link.Target.Contains("://", StringComparison.Ordinal) && !link.Target.StartsWith("mailto:", StringComparison.Ordinal)
        let problem = ProblemOf(tree, page, link.Target)
        where problem is not null
        select page.Violation(this, link.Line, problem);

    private static string? ProblemOf(SourceTree tree, SourceFile page, string target)
    {
        var parts = target.Split('#', 2);
        var path = parts[0].Length == 0 ? page.Path : Resolve(page.Folder, parts[0]);
        if (tree.Find(path) is not { } file)
            return tree.Files.Any(other => other.Path.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal)) ? null : $"{target} does not exist";
        var isLost = parts.Length == 2 && Markdown.Headings(file).All(heading => Markdown.Anchor(heading.Text) != parts[1]);
        return isLost ? $"{path} has no heading #{parts[1]}" : null;
    }

    private static string Resolve(string folder, string target)
    {
        var parts = new Stack<string>(folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in target.Split('/').Where(part => part is not ("." or "")))
        {
            if (part != "..")
                parts.Push(part);
            else if (!parts.TryPop(out _))
                return target;
        }

        return string.Join('/', parts.Reverse());
    }
}
