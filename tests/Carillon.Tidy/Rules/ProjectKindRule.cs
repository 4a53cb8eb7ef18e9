using System.Text.RegularExpressions;

namespace Carillon.Tidy;

/// <summary>A project only states its kind: it imports exactly one file of eng/, and leaves versions to Directory.Packages.props.</summary>
public sealed partial class ProjectKindRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach (var file in tree.Projects())
        {
            // An ability such as UsesGenerator may come on top; a kind may not.
            var kinds = Kind().Count(file.Text);
            if (kinds != 1)
                yield return file.Violation(this, 1, $"imports {kinds} kinds: import exactly one of eng/*.targets");
            for (var i = 0; i < file.Lines.Count; i++)
            {
                if (Pinned().IsMatch(file.Lines[i]))
                    yield return file.Violation(this, i + 1, "a version belongs into Directory.Packages.props");
            }
        }
    }

    [GeneratedRegex("""<Import\s+Project="[./\\]*eng[/\\](?!Uses)\w+\.targets"\s*/>""")]
    private static partial Regex Kind();

    [GeneratedRegex("""<PackageReference\b.*\bVersion(Override)?\s*=""")]
    private static partial Regex Pinned();
}
