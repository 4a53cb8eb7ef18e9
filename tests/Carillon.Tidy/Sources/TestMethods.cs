using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>The tests of the repository: methods marked as facts or theories.</summary>
public static class TestMethods
{
    public static IEnumerable<(SourceFile File, MethodDeclarationSyntax Method, AttributeSyntax Mark)> Of(SourceTree tree) =>
        from file in tree.CSharp("tests", "src/Carillon.Conformance", "src/Carillon.Testing")
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        from mark in method.AttributeLists.SelectMany(list => list.Attributes)
        where IsMark(mark.Name.ToString().Split('.')[^1])
        select (file, method, mark);

    private static bool IsMark(string name) =>
        name.Replace("Attribute", "", StringComparison.Ordinal) is var bare
        && (bare.EndsWith("Fact", StringComparison.Ordinal) || bare.EndsWith("Theory", StringComparison.Ordinal));
}
