using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>The methods of a file and how long they are, without documentation and attributes.</summary>
public static class Methods
{
    public static IEnumerable<(string Name, int Line, int Length)> Of(SourceFile file)
    {
        foreach (var node in file.Syntax.DescendantNodes())
        {
            if (NameOf(node) is not { } name)
                continue;
            var attributes = node.ChildNodes().OfType<AttributeListSyntax>().LastOrDefault();
            var first = SourceFile.LineOf(attributes?.GetLastToken().GetNextToken() ?? node.GetFirstToken());
            var last = node.GetLocation().GetLineSpan().EndLinePosition.Line + 1;
            yield return (name, first, last + 1 - first);
        }
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        OperatorDeclarationSyntax binary => "operator " + binary.OperatorToken.Text,
        ConversionOperatorDeclarationSyntax conversion => "operator " + conversion.Type,
        DestructorDeclarationSyntax destructor => "~" + destructor.Identifier.Text,
        _ => null,
    };
}
