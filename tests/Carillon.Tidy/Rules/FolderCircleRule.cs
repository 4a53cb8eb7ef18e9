namespace Carillon.Tidy;

/// <summary>
/// The folders of the product lean one way: none can be reached from itself by following what its code uses, by meaning and not by text.
/// </summary>
public sealed class FolderCircleRule : IRule
{
    private const double Enough = 0.95;

    public IEnumerable<Violation> Check(SourceTree tree)
    {
        // The generator runs in the compiler and shares no type with the rest.
        var files = tree.CSharp("src").Where(file => file.Project != "src/Carillon.SourceGenerator").ToList();
        var compiled = new Compiled(files);
        var leanings = compiled.Leanings()
            .Select(lean => (lean.From, lean.Line, To: Path.GetDirectoryName(lean.To)!, lean.Type))
            .Where(lean => lean.From.Folder != lean.To)
            .ToList();
        if (files.Count > 0 && compiled.ResolvedShare < Enough)
            yield return files[0].Violation(this, 1, $"only {compiled.ResolvedShare:P0} of the names could be resolved: Carillon.Tidy must refer to the packages that src uses");
        var next = leanings.ToLookup(lean => lean.From.Folder, lean => lean.To);
        foreach (var edge in leanings.GroupBy(lean => (lean.From.Folder, lean.To)).Where(edge => CanReach(next, edge.Key.To, edge.Key.Folder)))
        {
            var (from, line, to, type) = edge.First();
            yield return from.Violation(this, line,
                $"{from.Folder} uses {type} of {to}, and {to} leads back to {from.Folder} ({edge.Count()} such uses): one of them holds an idea that belongs to a third");
        }
    }

    private static bool CanReach(ILookup<string, string> next, string from, string to)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([from]);
        while (open.TryPop(out var folder))
        {
            if (folder == to)
                return true;
            foreach (var further in next[folder].Where(seen.Add))
                open.Push(further);
        }

        return false;
    }
}
