using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>
/// Finds the message types that code publishes. They may be declared in another assembly, such as one of contracts, so that looking at
/// this assembly's own types is not enough.
/// </summary>
internal static class PublishedTypes
{
    /// <summary>Whether a call looks like publishing. Looks at the text only, because it is asked for every call of the assembly.</summary>
    public static bool IsCandidate(SyntaxNode node) => node is InvocationExpressionSyntax call && call.Expression switch
    {
        MemberAccessExpressionSyntax access => IsPublishing(access.Name.Identifier.ValueText),
        MemberBindingExpressionSyntax afterQuestionMark => IsPublishing(afterQuestionMark.Name.Identifier.ValueText),
        _ => false,
    };

    /// <summary>The message type of a method that publishes; null when it is no such method.</summary>
    public static ITypeSymbol? Of(IMethodSymbol method) =>
        method.TypeArguments.Length == 1
        && IsPublishing(method.Name)
        && (method.ContainingType.Is("Carillon.IEventBus") || method.ContainingType.Is("Carillon.ILocalEventBus"))
            ? method.TypeArguments[0]
            : null;

    private static bool IsPublishing(string name) => name is "PublishAsync" or "PublishBatchAsync" or "SendAsync" or "RaiseAsync";
}
