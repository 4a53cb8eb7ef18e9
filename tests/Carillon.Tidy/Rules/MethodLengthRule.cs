namespace Carillon.Tidy;

/// <summary>No method is longer than 70 lines.</summary>
public sealed class MethodLengthRule : IRule
{
    private const int Limit = 70;

    public IEnumerable<Violation> Check(SourceTree tree) =>
        from file in tree.CSharp()
        from method in Methods.Of(file)
        where method.Length > Limit
        select file.Violation(this, method.Line, $"{method.Name} has {method.Length} lines, over {Limit}: let it decide and others do the work");
}
