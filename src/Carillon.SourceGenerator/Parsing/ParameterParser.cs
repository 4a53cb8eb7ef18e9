using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads the parameters of a handler after the message: where each value comes from.</summary>
internal static class ParameterParser
{
    private const string FromKeyedServices = "Microsoft.Extensions.DependencyInjection.FromKeyedServicesAttribute";
    private const string HiddenType = "its type is private, protected or local to a file";

    public static ParameterModel Parse(IParameterSymbol parameter, string handler, IAssemblySymbol from, Findings findings)
    {
        var type = TypeNames.Of(parameter.Type);
        var constant = ServiceKey(parameter);
        var key = constant is { } given ? Literal(given) : null;
        var origin = key is null ? Provided(parameter.Type) : null;
        if (ReasonAgainst(parameter.Type, origin, from) is { } reason)
            findings.Add(Rules.NotInjectable, parameter, parameter.Name, handler, reason);
        return origin is { } provided
            ? new(parameter.Name, type, provided)
            : new(parameter.Name, type, ParameterOrigin.Service, IsOptional(parameter), key, constant is { } named && IsObsolete(named));
    }

    /// <summary>Where the value of a type comes from that the context provides; null for a service.</summary>
    public static ParameterOrigin? Provided(ITypeSymbol type) => type switch
    {
        _ when type.Is("Carillon.EventContext") => ParameterOrigin.Context,
        _ when type.Is("System.Threading.CancellationToken") => ParameterOrigin.Cancellation,
        _ when type.Is("Carillon.IEventBus") => ParameterOrigin.Bus,
        _ when type.Is("Carillon.Envelope") => ParameterOrigin.Envelope,
        _ when type.Is("System.IServiceProvider") => ParameterOrigin.Services,
        _ when type.Is(KnownTypes.UnitOfWork) => ParameterOrigin.UnitOfWork,
        _ when type.SelfAndBases().Any(self => self.Is(KnownTypes.Transaction)) => ParameterOrigin.Transaction,
        _ when type.SelfAndBases().Any(self => self.Is(KnownTypes.Connection)) => ParameterOrigin.Connection,
        _ when type.SelfAndBases().Any(self => self.Is(KnownTypes.Context)) => ParameterOrigin.DbContext,
        _ => null,
    };

    private static string? ReasonAgainst(ITypeSymbol type, ParameterOrigin? origin, IAssemblySymbol from)
    {
        if (origin is not null)
            return Reach.IsReachable(type, from) ? null : HiddenType;
        if (MessageParser.IsMarked(type))
            return "it is a message; a handler takes one, as its first parameter";
        if (type.IsValueType || type.SpecialType == SpecialType.System_String || type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer)
            return "values and texts are no services; inject options or a class that holds it";
        return Reach.IsReachable(type, from) ? null : HiddenType;
    }

    private static bool IsOptional(IParameterSymbol parameter) =>
        parameter.NullableAnnotation == NullableAnnotation.Annotated || parameter is { HasExplicitDefaultValue: true, ExplicitDefaultValue: null };

    private static TypedConstant? ServiceKey(IParameterSymbol parameter)
    {
        var attribute = parameter.FindAttribute(FromKeyedServices);
        return attribute is { ConstructorArguments.Length: > 0 } && !attribute.ConstructorArguments[0].IsNull ? attribute.ConstructorArguments[0] : null;
    }

    private static bool IsObsolete(TypedConstant key) =>
        Obsolescence.Of(key.Type!) || (key is { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } && Obsolescence.Of(type));

    private static string Literal(TypedConstant key) => key switch
    {
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => $"typeof({TypeNames.Of(type).Code})",
        { Kind: TypedConstantKind.Enum, Type: { } type } => $"({TypeNames.Of(type).Code})({SymbolDisplay.FormatPrimitive(key.Value!, true, false)})",
        { Type: { SpecialType: not SpecialType.System_String } type, Value: { } value } =>
            $"({TypeNames.Of(type).Code})({SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)})",
        _ => SymbolDisplay.FormatPrimitive(key.Value!, quoteStrings: true, useHexadecimalNumbers: false),
    };
}
