using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>Every rule has been seen to bite: beside it stand tests that plant a violation.</summary>
public sealed class RuleTestsRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree) =>
        from file in tree.CSharp("tests/Carillon.Tidy")
        where file.Syntax.DescendantNodes().OfType<ClassDeclarationSyntax>().Any(type => type.BaseList?.Types.Any(parent => parent.Type.ToString() == nameof(IRule)) == true)
        let tests = tree.Find(file.Path.Replace(".cs", "Tests.cs", StringComparison.Ordinal))
        where tests is null || !tests.Text.Contains("AssertFinds(", StringComparison.Ordinal)
        select file.Violation(this, 1, "no test shows that this rule bites: plant a violation with AssertFinds");
}
