using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>No logger of the host is used as it is: log providers may throw, and a loop that logs its failure must not end by that.</summary>
public sealed class BareLoggerRule : IRule
{
    private const string Place = "UnfailingLogger.cs";

    public IEnumerable<Violation> Check(SourceTree tree) =>
        from file in tree.CSharp("src")
        where file.Name != Place
        from node in file.Syntax.DescendantNodes()
        where (node is InvocationExpressionSyntax call && NameOf(call.Expression) == "CreateLogger") || node is GenericNameSyntax { Identifier.Text: "ILogger" or "Logger" }
        select file.Violation(this, node, "a logger that may throw: get it from UnfailingLogger.Create");

    private static string? NameOf(ExpressionSyntax called) => called switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        MemberBindingExpressionSyntax member => member.Name.Identifier.Text,
        _ => null,
    };
}
