namespace Carillon.Tidy;

/// <summary>A place where a rule is broken.</summary>
/// <param name="File">The file, from the root of the repository.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Advice">What is wrong and what to do.</param>
public sealed record Violation(string File, int Line, string Rule, string Advice)
{
    public override string ToString() => $"{File}:{Line}: {Rule}: {Advice}";
}
