using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Writes the C# that asks Carillon for the text of a key, and says which types have none that is the same everywhere.</summary>
internal static class KeyText
{
    private const string Method = "global::Carillon.KeyText.Of";

    private static readonly string[] _floating =
        ["System.Half", "System.Runtime.InteropServices.NFloat", "System.Numerics.BFloat16", "System.Numerics.Complex"];

    private static readonly string[] _known =
        ["System.Guid", "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.TimeSpan"];

    /// <summary>C# for the text of a value, which is null where the value is.</summary>
    public static string Expression(ITypeSymbol type, string value)
    {
        if (type.SpecialType == SpecialType.System_String)
            return value;
        var bare = Bare(type);
        var isNullable = type.IsReferenceType || !SymbolEqualityComparer.Default.Equals(bare, type);
        return isNullable ? $"{value} is {{ }} key ? {Of(bare, "key")} : null" : Of(bare, value);
    }

    /// <summary>Why a type cannot be a key, or null when it can.</summary>
    public static string? ReasonAgainst(ITypeSymbol type) => Bare(type) switch
    {
        { SpecialType: SpecialType.System_DateTime } =>
            "equal values of the type 'DateTime' may be different instants, and one instant has several; use a DateTimeOffset or a DateOnly",
        { SpecialType: SpecialType.System_Single or SpecialType.System_Double } floating => Floating(floating),
        var other when _floating.Any(name => other.Is(name)) => Floating(other),
        { SpecialType: SpecialType.System_String or (>= SpecialType.System_Boolean and <= SpecialType.System_Decimal) } or { TypeKind: TypeKind.Enum } => null,
        var other when _known.Any(name => other.Is(name)) || HasOwnText(other) => null,
        var other => $"'{NameOf(other)}' has no text that is the same everywhere; use a string, a Guid, a number that is not floating-point, a DateTimeOffset, a DateOnly, an enum, or a type with its own ToString",
    };

    private static string Of(ITypeSymbol type, string value) => type is INamedTypeSymbol { EnumUnderlyingType: { } number }
        ? $"{Method}(({number.ToDisplayString()}){value})"
        : $"{Method}({value})";

    private static ITypeSymbol Bare(ITypeSymbol type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;

    private static string Floating(ITypeSymbol type) =>
        $"equal values of the floating-point type '{NameOf(type)}' may have different texts; use a decimal or a whole number";

    private static string NameOf(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>
    /// Whether a type says itself what its text is. The compiler's text of a record depends on the culture and on the names of its
    /// properties; in another assembly it is recognised by its attribute.
    /// </summary>
    private static bool HasOwnText(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Interface)
            return false;
        var own = type.SelfAndBases()
            .TakeWhile(level => level.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType))
            .SelectMany(level => level.GetMembers("ToString"))
            .OfType<IMethodSymbol>()
            .FirstOrDefault(method => method.IsOverride && method.Parameters.Length == 0);
        return own is { IsImplicitlyDeclared: false } && own.FindAttribute("System.Runtime.CompilerServices.CompilerGeneratedAttribute") is null;
    }
}
