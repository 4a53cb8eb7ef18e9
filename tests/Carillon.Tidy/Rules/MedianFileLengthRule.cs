namespace Carillon.Tidy;

/// <summary>Half of the files of a project of the product are no longer than 60 lines. The suites in Carillon.Conformance are tests.</summary>
public sealed class MedianFileLengthRule : IRule
{
    private const int Limit = 60;

    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach (var project in tree.CSharp("src").Where(file => file.Project != "src/Carillon.Conformance").GroupBy(file => file.Project))
        {
            var files = project.OrderBy(file => file.Lines.Count).ToList();
            var median = files[(files.Count - 1) / 2];
            if (median.Lines.Count > Limit)
                yield return files[^1].Violation(this, 1, $"half of the files of {project.Key} are longer than {Limit} lines (median {median.Lines.Count}): split the longest, beginning with this one");
        }
    }
}
