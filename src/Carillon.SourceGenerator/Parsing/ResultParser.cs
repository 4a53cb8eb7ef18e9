using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads what a handler returns, down to the messages.</summary>
internal static class ResultParser
{
    /// <summary>Splits a return type into how the handler finishes and what it hands back, which is null for nothing.</summary>
    public static (ReturnShape Shape, ITypeSymbol? Result) Split(IMethodSymbol method) => method.ReturnType switch
    {
        { SpecialType: SpecialType.System_Void } => (ReturnShape.Direct, null),
        var type when type.Is("System.Threading.Tasks.Task") => (ReturnShape.Task, null),
        var type when type.Is("System.Threading.Tasks.ValueTask") => (ReturnShape.ValueTask, null),
        INamedTypeSymbol type when type.Is("System.Threading.Tasks.Task", 1) => (ReturnShape.Task, type.TypeArguments[0]),
        INamedTypeSymbol type when type.Is("System.Threading.Tasks.ValueTask", 1) => (ReturnShape.ValueTask, type.TypeArguments[0]),
        var type => (ReturnShape.Direct, type),
    };

    /// <summary>Takes a result apart; null when there is something in it that is no message.</summary>
    public static ResultModel? Parse(ITypeSymbol type, Compilation compilation)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Wrap(ResultKind.NullableValue, nullable.TypeArguments, compilation);
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
            return Wrap(ResultKind.Tuple, tuple.TupleElements.Select(element => element.Type), compilation);
        if (MessageParser.IsMarked(type) && type.IsSealed)
            return Parse(type, ResultModel.Of, compilation);
        if (!MessageParser.IsMarked(type))
        {
            if (ElementOf(type, "System.Collections.Generic.IEnumerable") is { } element)
                return Wrap(ResultKind.Sequence, [element], compilation);
            if (ElementOf(type, "System.Collections.Generic.IAsyncEnumerable") is { } asyncElement)
                return Wrap(ResultKind.AsyncSequence, [asyncElement], compilation);
        }

        return OneOf(type, compilation);
    }

    private static ResultModel? OneOf(ITypeSymbol type, Compilation compilation)
    {
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Interface))
            return null;
        var messages = MessageTypes.AssignableTo(type, compilation);
        if (messages.Count == 0)
            return null;
        var isClosed = SymbolEqualityComparer.Default.Equals(messages[messages.Count - 1], type);
        if (isClosed && messages.Count == 1)
            return Parse(type, ResultModel.Of, compilation);
        var oneOf = Wrap(ResultKind.OneOf, messages, compilation, message => Parse(message, ResultModel.Of, compilation));
        return oneOf is null ? null : oneOf with { IsClosed = isClosed };
    }

    private static ResultModel? Parse(ITypeSymbol type, Func<MessageModel, ResultModel> wrap, Compilation compilation) =>
        MessageParser.Parse(type, compilation.Assembly, new Findings()) is { } message ? wrap(message) : null;

    private static ResultModel? Wrap(
        ResultKind kind, IEnumerable<ITypeSymbol> types, Compilation compilation, Func<ITypeSymbol, ResultModel?>? parse = null)
    {
        var parts = types.Select(parse ?? (type => Parse(type, compilation))).ToArray();
        return parts.Any(part => part is null) ? null : ResultModel.Of(kind, parts!);
    }

    private static ITypeSymbol? ElementOf(ITypeSymbol type, string sequence)
    {
        if (type.SpecialType == SpecialType.System_String)
            return null;
        if (type is INamedTypeSymbol named && named.Is(sequence, 1))
            return named.TypeArguments[0];
        var implemented = type.AllInterfaces.Where(contract => contract.Is(sequence, 1)).ToArray();
        return implemented.Length == 1 ? implemented[0].TypeArguments[0] : null;
    }
}
