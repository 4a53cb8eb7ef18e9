namespace Carillon.Tidy;

/// <summary>No file of code is longer than 600 lines, and one over 400 says why it has to be.</summary>
public sealed class FileLengthRule : IRule
{
    private const int Refused = 600;
    private const int Justified = 400;

    /// <summary>The files that may be longer than 400 lines, and why. The list only ever shrinks.</summary>
    private static readonly Dictionary<string, string> Reasons = [];

    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach (var file in tree.CSharp())
        {
            if (file.Lines.Count > Refused)
                yield return file.Violation(this, Refused, $"{file.Lines.Count} lines, over {Refused}: split the file by its ideas");
            else if (file.Lines.Count > Justified && !Reasons.ContainsKey(file.Path))
                yield return file.Violation(this, Justified, $"{file.Lines.Count} lines, over {Justified}: split the file, or say in FileLengthRule why that would read worse");
        }
    }
}
