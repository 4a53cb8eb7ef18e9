using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>
/// A file of the product holds one top-level type and is named after it, up to the first dot. Beside it may stand: the same name with
/// other type parameters, types that derive from it, an enumeration named after it (LeaseChange and LeaseChangeKind), and types that only this file
/// sees. A file of delegates is named ...Delegates.
/// </summary>
public sealed class OneTypePerFileRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        foreach (var file in tree.CSharp("src", "benchmarks"))
        {
            var expected = file.Name.Split('.')[0];
            var types = TypesOf(file).ToList();
            if (types.Count == 0 || AreAllDelegates(types, expected))
                continue;
            foreach (var type in types.Where(type => !Belongs(type, expected)))
            {
                yield return file.Violation(this, type,
                    $"{NameOf(type)} stands in {file.Name}: give it a file named {NameOf(type)}.cs, or nest it if only {expected} uses it");
            }
        }
    }

    private static IEnumerable<MemberDeclarationSyntax> TypesOf(SourceFile file) => file.Syntax
        .DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>()
        .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    private static bool AreAllDelegates(List<MemberDeclarationSyntax> types, string expected) =>
        types.All(type => type is DelegateDeclarationSyntax) && expected.EndsWith("Delegates", StringComparison.Ordinal);

    private static bool Belongs(MemberDeclarationSyntax type, string expected) =>
        NameOf(type) == expected
        || (type is EnumDeclarationSyntax && NameOf(type).StartsWith(expected, StringComparison.Ordinal))
        || type.Modifiers.Any(SyntaxKind.FileKeyword)
        || (type as BaseTypeDeclarationSyntax)?.BaseList?.Types.Any(parent => RootName(parent.Type) == expected) == true;

    private static string NameOf(MemberDeclarationSyntax type) =>
        type is DelegateDeclarationSyntax @delegate ? @delegate.Identifier.Text : ((BaseTypeDeclarationSyntax)type).Identifier.Text;

    private static string RootName(TypeSyntax type) => type is SimpleNameSyntax simple ? simple.Identifier.Text : type.ToString();
}
