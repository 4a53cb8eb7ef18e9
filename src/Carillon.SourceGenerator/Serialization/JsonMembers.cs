using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.SourceGenerator.Serialization;

/// <summary>Lists the members that System.Text.Json writes, and tells which of them it does not read back.</summary>
internal static class JsonMembers
{
    /// <summary>The members that are written.</summary>
    public static IEnumerable<JsonMember> Of(INamedTypeSymbol type) =>
        All(type).Where(member => !JsonAttributes.IsLeftOut(member.Symbol));

    /// <summary>The members that could be written, with those that are left out by attribute.</summary>
    public static IEnumerable<JsonMember> All(INamedTypeSymbol type)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var symbol in type.SelfAndBases().SelectMany(level => level.GetMembers()).Where(symbol => !symbol.IsStatic))
        {
            var member = symbol switch
            {
                IPropertySymbol { IsIndexer: false, GetMethod: { } getter } property
                    when getter.DeclaredAccessibility == Accessibility.Public || JsonAttributes.IsIncluded(property) => new JsonMember(property, property.Type),
                IFieldSymbol field when JsonAttributes.IsIncluded(field) => new JsonMember(field, field.Type),
                _ => null,
            };
            if (member is not null && names.Add(symbol.Name))
                yield return member;
        }
    }

    public static bool IsFilledBy(JsonMember member, IParameterSymbol parameter) =>
        string.Equals(member.Symbol.Name, parameter.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a value is written and then lost: the property stores it, but neither a setter nor the constructor takes it back. A
    /// property with an initial value that is one value is taken for a constant.
    /// </summary>
    public static bool IsLost(JsonMember member, IMethodSymbol? constructor) =>
        member.Symbol is IPropertySymbol { SetMethod: null } property
        && IsStored(property)
        && (!HasInitialValue(property) || !JsonTypes.IsValue(property.Type))
        && constructor?.Parameters.Any(parameter => IsFilledBy(member, parameter)) != true
        && !JsonAttributes.IsPopulated(property)
        && !JsonAttributes.IsPopulated(property.ContainingType);

    private static bool IsStored(IPropertySymbol property) => property.ContainingType.GetMembers()
        .OfType<IFieldSymbol>()
        .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static bool HasInitialValue(IPropertySymbol property) => property.DeclaringSyntaxReferences
        .Any(reference => reference.GetSyntax() is PropertyDeclarationSyntax { Initializer: not null });
}
