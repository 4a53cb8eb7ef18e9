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
        method.TypeArguments.Length == 1 && IsPublishing(method.Name) && IsPublisher(method) ? method.TypeArguments[0] : null;

    /// <summary>What else a publisher has for the other kind of message: the method that sends commands, or the one that publishes events.</summary>
    public static string MethodFor(bool isCommand, IMethodSymbol method) =>
        (isCommand ? "Send" : "Publish") + (method.ContainingType.Is(KnownTypes.DbContextPublishing) ? "" : "Async");

    /// <summary>Whether a method takes commands, or else events; null when it takes both.</summary>
    public static bool? TakesCommands(IMethodSymbol method) => method.Name switch
    {
        "SendAsync" or "Send" => true,
        "ScheduleAsync" or "ReturnAsync" => null,
        _ => false,
    };

    private static bool IsPublishing(string name) => name is
        "PublishAsync" or "PublishBatchAsync" or "PublishOutsideAsync" or "SendAsync" or "ScheduleAsync" or "RaiseAsync" or "ReturnAsync" or "Publish" or "Send";

    private static bool IsPublisher(IMethodSymbol method) => method.ContainingType is var publisher
        && (publisher.Is(KnownTypes.Bus) || publisher.Is("Carillon.ILocalEventBus") || publisher.Is("Carillon.EventContext") || publisher.Is(KnownTypes.DbContextPublishing));
}
