using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Reads the key of a message: the property with [Key] that <see cref="KeyProperties"/> finds.</summary>
internal static class KeyParser
{
    public static KeyModel? Parse(INamedTypeSymbol message, IAssemblySymbol from, Findings findings)
    {
        var keys = KeyProperties.Of(message).ToArray();
        if (keys.Length == 0)
            return null;
        var key = keys[0];
        foreach (var another in keys.Skip(1))
            findings.Add(Rules.InvalidKey, PlaceOf(another, message), another.Name, message.Name, $"'{key.Name}' is the key already; a message has one");

        if (ReasonAgainst(key, message, from) is { } reason)
        {
            findings.Add(Rules.InvalidKey, PlaceOf(key, message), key.Name, message.Name, reason);
            return null;
        }

        return new(
            key.Name,
            KeyText.Expression(key.Type, $"{Target(key, message)}.{TypeNames.Member(key.Name)}"),
            Obsolescence.Of(key) || Obsolescence.Of(key.ContainingType));
    }

    private static string? ReasonAgainst(IPropertySymbol key, INamedTypeSymbol message, IAssemblySymbol from)
    {
        if (key.IsStatic || key.IsIndexer || key.GetMethod is not { } getter || !IsReadable(key, getter, from))
            return "it must be a property of the instance with a public or internal getter";
        if (IsReadThroughType(key, message) && !Reach.IsReachable(key.ContainingType, from))
            return $"it can be read through '{key.ContainingType.Name}' only, which is hidden; make that public or internal";
        return KeyText.ReasonAgainst(key.Type);
    }

    /// <summary>C# for what the property is read from: the message, by the name of another type where its own means another property.</summary>
    private static string Target(IPropertySymbol key, INamedTypeSymbol message) =>
        IsReadThroughType(key, message) ? $"(({TypeNames.Of(key.ContainingType).Code})message)" : "message";

    private static bool IsReadThroughType(IPropertySymbol key, INamedTypeSymbol message) =>
        key.ContainingType.TypeKind == TypeKind.Interface
        || message.SelfAndBases()
            .TakeWhile(level => !SymbolEqualityComparer.Default.Equals(level, key.ContainingType))
            .Any(level => !level.GetMembers(key.Name).IsEmpty);

    private static bool IsReadable(IPropertySymbol key, IMethodSymbol getter, IAssemblySymbol from) =>
        getter.DeclaredAccessibility == Accessibility.Public
        || (Reach.IsMemberReachable(getter)
            && (SymbolEqualityComparer.Default.Equals(key.ContainingAssembly, from) || key.ContainingAssembly.GivesAccessTo(from)));

    private static Location? PlaceOf(IPropertySymbol property, INamedTypeSymbol message) =>
        property.Locations.FirstOrDefault(place => place.IsInSource) ?? message.Locations.FirstOrDefault();
}
