using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Serialization;

/// <summary>Recognises the collections that System.Text.Json writes as arrays and objects.</summary>
internal static class JsonCollections
{
    private const string Generic = "System.Collections.Generic.";

    private static readonly string[] _interfaces =
        ["IEnumerable", "ICollection", "IList", "IReadOnlyCollection", "IReadOnlyList", "ISet", "IReadOnlySet"];

    private static readonly string[] _addable =
    [
        "System.Collections.Generic.Queue", "System.Collections.Generic.Stack", "System.Collections.Concurrent.ConcurrentQueue",
        "System.Collections.Concurrent.ConcurrentStack", "System.Collections.Concurrent.ConcurrentBag",
    ];

    /// <summary>The type as a collection; null when it is none.</summary>
    public static JsonCollection? Of(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
            return new(array.ElementType);
        if (type is not INamedTypeSymbol named || !Implements(named, "System.Collections.IEnumerable", 0))
            return null;
        if (Find(named, Generic + "IDictionary", 2) is { } dictionary)
            return OfDictionary(named, dictionary);
        if (Find(named, Generic + "IReadOnlyDictionary", 2) is { } readOnly)
            return OfDictionary(named, readOnly);
        var element = Find(named, Generic + "IEnumerable", 1)?.TypeArguments[0];
        return new(element, CanBeCreated(named) ? null : NotCreated(named));
    }

    private static JsonCollection OfDictionary(INamedTypeSymbol type, INamedTypeSymbol contract)
    {
        var key = contract.TypeArguments[0];
        if (!JsonTypes.IsValue(key) && !JsonAttributes.HasConverter(key))
            return new(null, $"has keys of the type {key.Name}, which JSON cannot write as names");
        return new(contract.TypeArguments[1], CanBeCreated(type) ? null : NotCreated(type));
    }

    private static string NotCreated(ITypeSymbol type) => $"is a {type.Name}, a collection that JSON cannot create";

    private static bool CanBeCreated(INamedTypeSymbol type)
    {
        if (type.ContainingNamespace.ToDisplayString() == "System.Collections.Immutable")
            return true;
        if (type.TypeKind == TypeKind.Interface)
        {
            return type.Arity == 0
                || _interfaces.Any(name => type.Is(Generic + name, 1))
                || type.Is(Generic + "IDictionary", 2)
                || type.Is(Generic + "IReadOnlyDictionary", 2);
        }

        return !type.IsAbstract && HasPlainConstructor(type) && CanBeFilled(type);
    }

    private static bool HasPlainConstructor(INamedTypeSymbol type) => type.InstanceConstructors.Any(constructor =>
        constructor is { Parameters.Length: 0, DeclaredAccessibility: Accessibility.Public });

    private static bool CanBeFilled(INamedTypeSymbol type) =>
        Implements(type, Generic + "ICollection", 1)
        || Implements(type, "System.Collections.IList", 0)
        || Implements(type, "System.Collections.IDictionary", 0)
        || type.SelfAndBases().Any(level => _addable.Any(name => level.Is(name, 1)));

    private static bool Implements(INamedTypeSymbol type, string contract, int arity) => Find(type, contract, arity) is not null;

    private static INamedTypeSymbol? Find(INamedTypeSymbol type, string contract, int arity) =>
        type.Is(contract, arity) ? type : type.AllInterfaces.FirstOrDefault(implemented => implemented.Is(contract, arity));
}
