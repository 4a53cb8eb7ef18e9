namespace Carillon.Tidy;

/// <summary>Every project is in Carillon.slnx, so that building, formatting and testing the solution misses none.</summary>
public sealed class SolutionRule : IRule
{
    private const string Solution = "Carillon.slnx";

    public IEnumerable<Violation> Check(SourceTree tree)
    {
        var listed = tree.Find(Solution)?.Text ?? "";
        return from project in tree.Projects()
               where !listed.Contains($"\"{project.Path}\"", StringComparison.Ordinal)
               select project.Violation(this, 1, $"not in {Solution}: dotnet sln add {project.Path}");
    }
}
