namespace Carillon.Tidy;

/// <summary>In each project of the product, at most one method in fifty is longer than 30 lines.</summary>
public sealed class LongMethodShareRule : IRule
{
    private const int Long = 30;
    private const int OneIn = 50;

    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach (var project in tree.CSharp("src").GroupBy(file => file.Project))
        {
            var methods = project.SelectMany(file => Methods.Of(file).Select(method => (File: file, Method: method))).ToList();
            var tooLong = methods.Where(found => found.Method.Length > Long).OrderByDescending(found => found.Method.Length).ToList();
            if (tooLong.Count <= methods.Count / OneIn)
                continue;
            var (file, method) = tooLong[0];
            yield return file.Violation(this, method.Line,
                $"{tooLong.Count} of {methods.Count} methods of {project.Key} have over {Long} lines, more than one in {OneIn}: split {method.Name} ({method.Length} lines)");
        }
    }
}
