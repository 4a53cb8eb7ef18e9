using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Writes the C# that turns a key into its invariant text.</summary>
internal static class KeyText
{
    /// <summary>The generated method that asks an <see cref="IFormattable"/> for its invariant text without boxing it.</summary>
    public const string InvariantText = "InvariantText";

    private const string Culture = "CultureInfo.InvariantCulture";

    /// <summary>C# for the text of a value; null when the type has no text that is the same everywhere.</summary>
    public static string? Expression(ITypeSymbol type, string value)
    {
        if (type.SpecialType == SpecialType.System_String)
            return value;
        var isNullableValue = type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;
        var bare = isNullableValue ? ((INamedTypeSymbol)type).TypeArguments[0] : type;
        var question = isNullableValue || type.IsReferenceType ? "?" : "";
        if (Arguments(bare) is { } arguments)
            return $"{value}{question}.ToString({arguments})";
        if (IsFormattable(bare) && HasOwnText(bare))
            return question.Length == 0 ? $"{InvariantText}({value})" : $"{value} is {{ }} key ? {InvariantText}(key) : null";
        return HasOwnText(bare) ? $"{value}{question}.ToString()" : null;
    }

    private static string? Arguments(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Boolean or SpecialType.System_Char
            or (>= SpecialType.System_SByte and <= SpecialType.System_UInt64) => Culture,
        SpecialType.System_DateTime => $"\"O\", {Culture}",
        _ when type.TypeKind == TypeKind.Enum => "",
        _ when type.Is("System.Guid") => "\"D\"",
        _ when type.Is("System.DateTimeOffset") || type.Is("System.DateOnly") || type.Is("System.TimeOnly") => $"\"O\", {Culture}",
        _ when type.Is("System.TimeSpan") => $"\"c\", {Culture}",
        _ => null,
    };

    private static bool IsFormattable(ITypeSymbol type) =>
        type.Is("System.IFormattable") || type.AllInterfaces.Any(contract => contract.Is("System.IFormattable"));

    /// <summary>
    /// Whether a type says itself what its text is. The compiler's text of a record depends on the culture and on the names of its
    /// properties; equal floating-point and decimal numbers may have different texts.
    /// </summary>
    private static bool HasOwnText(ITypeSymbol type)
    {
        if (type.SpecialType is SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal || type.Is("System.Half"))
            return false;
        if (type.TypeKind == TypeKind.Interface)
            return type.Is("System.IFormattable");
        return type.SelfAndBases()
            .TakeWhile(level => level.SpecialType is not (SpecialType.System_Object or SpecialType.System_ValueType))
            .SelectMany(level => level.GetMembers("ToString"))
            .OfType<IMethodSymbol>()
            .Any(method => method.IsOverride && method.Parameters.Length == 0 && !method.IsImplicitlyDeclared);
    }
}
