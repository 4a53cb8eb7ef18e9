using Carillon.SourceGenerator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Serialization;

/// <summary>
/// Walks everything that a message holds and looks for what System.Text.Json cannot write, or cannot read back as it was. The place to
/// start in this folder.
/// </summary>
internal sealed class JsonCheck
{
    // As deep as System.Text.Json goes by itself; types may nest for ever, as Node<Node<…>> does.
    private const int MaxDepth = 64;

    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly INamedTypeSymbol _message;
    private readonly Findings _findings;

    private JsonCheck(INamedTypeSymbol message, Findings findings)
    {
        _message = message;
        _findings = findings;
    }

    public static void Check(INamedTypeSymbol message, Findings findings) =>
        new JsonCheck(message, findings).Walk(message, message.Name, message.Locations.FirstOrDefault(), 0);

    private void Walk(ITypeSymbol type, string path, Location? place, int depth)
    {
        var bare = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : type;
        if (depth > MaxDepth || JsonAttributes.HasConverter(bare) || JsonTypes.IsValue(bare))
            return;
        if (JsonTypes.ReasonAgainst(bare) is { } reason)
            Report(path, reason, place);
        else if (!_seen.Add(bare))
            return;
        else if (JsonCollections.Of(bare) is { } collection)
            WalkCollection(collection, path, place, depth);
        else if (bare is INamedTypeSymbol named)
            WalkObject(named, path, place, depth);
    }

    private void WalkCollection(JsonCollection collection, string path, Location? place, int depth)
    {
        if (collection.ReasonAgainst is { } reason)
            Report(path, reason, place);
        else if (collection.Element is { } element)
            Walk(element, $"{path}[]", place, depth + 1);
    }

    private void WalkObject(INamedTypeSymbol type, string path, Location? place, int depth)
    {
        if (type.TypeKind == TypeKind.Interface || type.IsAbstract)
        {
            WalkDerived(type, path, place, depth);
            return;
        }

        var (constructor, reason) = JsonConstructors.Choose(type);
        if (reason is not null)
            Report(path, reason, place);
        foreach (var member in JsonMembers.Of(type))
        {
            var memberPath = $"{path}.{member.Symbol.Name}";
            var memberPlace = member.Symbol.Locations.FirstOrDefault(location => location.IsInSource) ?? place;
            if (JsonMembers.IsLost(member, constructor))
                Report(memberPath, "is written but never read back; give it an init accessor or a constructor parameter", memberPlace);
            if (!JsonAttributes.HasConverter(member.Symbol))
                Walk(member.Type, memberPath, memberPlace, depth + 1);
        }
    }

    private void WalkDerived(INamedTypeSymbol type, string path, Location? place, int depth)
    {
        var derived = JsonAttributes.DerivedTypes(type).ToArray();
        if (derived.Length == 0 && !JsonAttributes.IsPolymorphic(type))
        {
            var what = type.TypeKind == TypeKind.Interface ? "an interface" : "an abstract class";
            Report(path, $"is {what}, and nothing says which class to create; list them with [JsonDerivedType]", place);
        }

        foreach (var one in derived)
            Walk(one, path, place, depth + 1);
    }

    private void Report(string path, string reason, Location? place) =>
        _findings.Add(Rules.NotSerializable, place, _message.Name, $"'{path}' {reason}");
}
