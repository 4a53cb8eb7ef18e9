namespace Carillon.Docs.Tests;

/// <summary>The pages of the documentation and the blocks of C# on them.</summary>
public static class Pages
{
    private const string Start = "```csharp";
    private const string Compiled = "```csharp compile";

    /// <summary>Every page of the repository that people read, from its root.</summary>
    public static IEnumerable<(string Path, string[] Lines)> All()
    {
        var root = Root();
        return Directory.EnumerateFiles(root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.TopDirectoryOnly))
            .Order(StringComparer.Ordinal)
            .Select(path => (Path.GetRelativePath(root, path), File.ReadAllLines(path)));
    }

    /// <summary>The blocks of a page that are marked as compilable.</summary>
    public static IEnumerable<Snippet> Snippets(string path, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimEnd() != Compiled)
                continue;
            var code = lines.Skip(i + 1).TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal)).ToList();
            yield return new(path, i + 2, string.Join('\n', code));
        }
    }

    /// <summary>The lines on which C# begins that nobody compiles.</summary>
    public static IEnumerable<int> Unchecked(string[] lines) => Enumerable.Range(0, lines.Length)
        .Where(i => lines[i].TrimStart().StartsWith(Start, StringComparison.Ordinal) && lines[i].TrimEnd() != Compiled)
        .Select(i => i + 1);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Carillon.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException($"No Carillon.slnx above {AppContext.BaseDirectory}: run the tests inside the repository.");
        return folder.FullName;
    }
}
