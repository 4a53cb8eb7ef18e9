using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>
/// Finds what is obsolete as an error. The compiler refuses its name (CS0619, which nothing disables), except in code that is obsolete itself.
/// </summary>
internal static class Obsolescence
{
    private const string Attribute = "System.ObsoleteAttribute";

    /// <summary>Whether C# that names a type is refused: because of the type, of one that it is nested in, or of a type argument.</summary>
    public static bool Of(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Of(array.ElementType),
        INamedTypeSymbol named => IsError(named) || (named.ContainingType is { } outer && Of(outer)) || named.TypeArguments.Any(Of),
        _ => false,
    };

    /// <summary>Whether C# that calls a method is refused; the compiler looks at what it overrides.</summary>
    public static bool Of(IMethodSymbol method) => IsError(method) || (method.OverriddenMethod is { } original && Of(original));

    /// <summary>Whether C# that reads a property is refused.</summary>
    public static bool Of(IPropertySymbol property) =>
        IsError(property) || (property.GetMethod is { } getter && Of(getter)) || (property.OverriddenProperty is { } original && Of(original));

    private static bool IsError(ISymbol symbol) =>
        symbol.FindAttribute(Attribute) is { ConstructorArguments: { Length: 2 } arguments } && arguments[1].Value is true;
}
