using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Serialization;

/// <summary>What the attributes of System.Text.Json say.</summary>
internal static class JsonAttributes
{
    private const string Space = "System.Text.Json.Serialization.";
    private const int IgnoreAlways = 1;

    public static bool HasConverter(ISymbol symbol) =>
        symbol.GetAttributes().Any(attribute => IsOrDerivesFrom(attribute.AttributeClass, Space + "JsonConverterAttribute"));

    public static bool IsIncluded(ISymbol member) => Has(member, "JsonIncludeAttribute");

    public static bool IsConstructor(IMethodSymbol constructor) => Has(constructor, "JsonConstructorAttribute");

    public static bool IsPopulated(ISymbol symbol) => Has(symbol, "JsonObjectCreationHandlingAttribute");

    public static bool IsPolymorphic(ITypeSymbol type) => Has(type, "JsonPolymorphicAttribute");

    public static bool IsLeftOut(ISymbol member) =>
        Has(member, "JsonExtensionDataAttribute")
        || (member.FindAttribute(Space + "JsonIgnoreAttribute") is { } ignore
            && (ignore.Setting("Condition") is not { Value: int condition } || condition == IgnoreAlways));

    public static IEnumerable<ITypeSymbol> DerivedTypes(ITypeSymbol type) => type.GetAttributes()
        .Where(attribute => attribute.AttributeClass.Is(Space + "JsonDerivedTypeAttribute"))
        .Select(attribute => attribute.ConstructorArguments.FirstOrDefault().Value)
        .OfType<ITypeSymbol>();

    private static bool Has(ISymbol symbol, string attribute) => symbol.FindAttribute(Space + attribute) is not null;

    private static bool IsOrDerivesFrom(ITypeSymbol? type, string fullName) => type?.SelfAndBases().Any(level => level.Is(fullName)) == true;
}
