using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads the key of a message: the property with [Key], its own or inherited.</summary>
internal static class KeyParser
{
    public static KeyModel? Parse(INamedTypeSymbol message, IAssemblySymbol from, Findings findings)
    {
        var keys = Properties(message).Where(property => property.FindAttribute(KnownTypes.KeyAttribute) is not null).ToArray();
        if (keys.Length == 0)
            return null;
        var key = keys[0];
        foreach (var another in keys.Skip(1))
            findings.Add(Rules.InvalidKey, PlaceOf(another, message), another.Name, message.Name, $"'{key.Name}' is the key already; a message has one");

        if (key.IsStatic || key.IsIndexer || key.GetMethod is not { } getter || !IsReadable(key, getter, from))
        {
            findings.Add(Rules.InvalidKey, PlaceOf(key, message), key.Name, message.Name, "it must be a property of the instance with a public or internal getter");
            return null;
        }

        if (KeyText.Expression(key.Type, $"message.{TypeNames.Member(key.Name)}") is { } expression)
            return new(key.Name, expression);
        findings.Add(Rules.InvalidKey, PlaceOf(key, message), key.Name, message.Name,
            $"'{key.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}' has no text that is the same everywhere; use a string, a Guid, a whole number, a date, an enum, or a type with its own ToString");
        return null;
    }

    /// <summary>Properties of the type and its bases; of those that override each other only the last.</summary>
    private static IEnumerable<IPropertySymbol> Properties(INamedTypeSymbol message)
    {
        var overridden = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var property in message.SelfAndBases().SelectMany(type => type.GetMembers()).OfType<IPropertySymbol>())
        {
            if (property.OverriddenProperty is { } original)
                overridden.Add(original);
            if (!overridden.Contains(property))
                yield return property;
        }
    }

    private static bool IsReadable(IPropertySymbol key, IMethodSymbol getter, IAssemblySymbol from) =>
        getter.DeclaredAccessibility == Accessibility.Public
        || (Reach.IsMemberReachable(getter)
            && (SymbolEqualityComparer.Default.Equals(key.ContainingAssembly, from) || key.ContainingAssembly.GivesAccessTo(from)));

    private static Location? PlaceOf(IPropertySymbol property, INamedTypeSymbol message) =>
        property.Locations.FirstOrDefault(place => place.IsInSource) ?? message.Locations.FirstOrDefault();
}
