using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>
/// Finds what a message type marks as its key: its own properties, those of its bases, and those that interfaces of it mark. A property that
/// overrides or implements another one is the same property.
/// </summary>
internal static class KeyProperties
{
    public static IEnumerable<IPropertySymbol> Of(INamedTypeSymbol message) => OfBases(message)
        .Where(IsMarked)
        .Concat(message.AllInterfaces
            .SelectMany(contract => contract.GetMembers().OfType<IPropertySymbol>())
            .Where(IsMarked)
            .Select(property => Implementing(message, property)))
        .Distinct<IPropertySymbol>(SymbolEqualityComparer.Default);

    /// <summary>Properties of the type and its bases; of those that override each other only the last.</summary>
    private static IEnumerable<IPropertySymbol> OfBases(INamedTypeSymbol message)
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

    private static bool IsMarked(IPropertySymbol property)
    {
        for (var level = property; level is not null; level = level.OverriddenProperty)
        {
            if (level.FindAttribute(KnownTypes.KeyAttribute) is not null)
                return true;
        }

        return false;
    }

    /// <summary>The property of the type that stands for one of an interface; the interface's own where it is hidden or has a body.</summary>
    private static IPropertySymbol Implementing(INamedTypeSymbol message, IPropertySymbol property) =>
        message.FindImplementationForInterfaceMember(property) is IPropertySymbol { DeclaredAccessibility: Accessibility.Public } implementing
            ? OfBases(message).FirstOrDefault(last => Overrides(last, implementing)) ?? implementing
            : property;

    private static bool Overrides(IPropertySymbol property, IPropertySymbol original)
    {
        for (var level = property; level is not null; level = level.OverriddenProperty)
        {
            if (SymbolEqualityComparer.Default.Equals(level, original))
                return true;
        }

        return false;
    }
}
