using System.Text.RegularExpressions;

namespace Carillon.Tidy;

/// <summary>Projects of the product refer to each other in one direction only, and show their insides to tests only.</summary>
public sealed partial class ProjectReferenceRule : IRule
{
    /// <summary>Who else sees the insides of a project, and why.</summary>
    private static readonly Dictionary<(string Project, string Friend), string> Friends = new()
    {
        [("Carillon.Abstractions", "Carillon")] = "it passes failpoints, which are no contract",
        [("Carillon.Abstractions", "Carillon.Sqlite")] = "it passes failpoints, which are no contract",
        [("Carillon.Abstractions", "Carillon.Relational")] = "it passes failpoints, which are no contract",
        [("Carillon.Abstractions", "Carillon.PostgreSql")] = "it passes failpoints, which are no contract",
        [("Carillon.Abstractions", "Carillon.KillTests")] = "it ends the process at failpoints",
        [("Carillon", "Carillon.Testing")] = "a simulated database keeps parked messages as the runtime does in memory",
        [("Carillon.Relational", "Carillon.Sqlite")] = "the line between algorithm and dialect is no contract until a third dialect has drawn it too",
        [("Carillon.Relational", "Carillon.PostgreSql")] = "the line between algorithm and dialect is no contract until a third dialect has drawn it too",
    };

    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach (var file in tree.Projects("src"))
        {
            var project = Path.GetFileNameWithoutExtension(file.Name);
            for (var i = 0; i < file.Lines.Count; i++)
            {
                if (Reference().Match(file.Lines[i]) is { Success: true } reference && !Dependencies.AllowedFor(project).Contains(reference.Groups["name"].Value))
                    yield return file.Violation(this, i + 1, $"{project} may not refer to {reference.Groups["name"].Value}, only to: {Allowed(project)}");
                if (Friend().Match(file.Lines[i]) is { Success: true } friend && !IsFriend(project, friend.Groups["name"].Value))
                    yield return file.Violation(this, i + 1, $"{project} shows its insides to {friend.Groups["name"].Value}: make what it needs public, or move it");
            }
        }
    }

    private static bool IsFriend(string project, string friend) =>
        friend.EndsWith(".Tests", StringComparison.Ordinal) || Friends.ContainsKey((project, friend));

    private static string Allowed(string project) =>
        Dependencies.AllowedFor(project) is { Count: > 0 } allowed ? string.Join(", ", allowed) : "nothing of ours";

    [GeneratedRegex("""<ProjectReference\s+Include="(.*[/\\])?(?<name>[^/\\"]+)\.csproj"(?!.*ReferenceOutputAssembly="false")""")]
    private static partial Regex Reference();

    [GeneratedRegex("""<InternalsVisibleTo\s+Include="(?<name>[^"]+)"(?!.*Condition)""")]
    private static partial Regex Friend();
}
