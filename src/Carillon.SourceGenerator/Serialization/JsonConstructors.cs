using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Serialization;

/// <summary>Chooses the constructor that System.Text.Json would choose.</summary>
internal static class JsonConstructors
{
    /// <summary>The constructor, which is null for a struct's default, or the reason why there is none that can be used.</summary>
    public static (IMethodSymbol? Constructor, string? ReasonAgainst) Choose(INamedTypeSymbol type)
    {
        var marked = type.InstanceConstructors.Where(JsonAttributes.IsConstructor).ToArray();
        if (marked.Length > 1)
            return (null, "has several constructors with [JsonConstructor]; mark one");
        var open = type.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public).ToArray();
        var chosen = marked.FirstOrDefault()
            ?? open.FirstOrDefault(constructor => constructor.Parameters.Length == 0)
            ?? (open.Length == 1 ? open[0] : null);
        if (chosen is null && !type.IsValueType)
        {
            return (null, open.Length == 0
                ? "has no public constructor; make one public, or mark one with [JsonConstructor]"
                : "has several constructors to choose from; mark one with [JsonConstructor]");
        }

        return (chosen, chosen?.Parameters.Select(parameter => ReasonAgainst(parameter, type)).FirstOrDefault(reason => reason is not null));
    }

    private static string? ReasonAgainst(IParameterSymbol parameter, INamedTypeSymbol type) =>
        JsonMembers.All(type).Any(member => JsonMembers.IsFilledBy(member, parameter))
            ? null
            : $"has a constructor whose parameter '{parameter.Name}' is no property; name it like one";
}
