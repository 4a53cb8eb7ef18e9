using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Names types and members for code and for people.</summary>
internal static class TypeNames
{
    private static readonly SymbolDisplayFormat s_code = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_full = s_code.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    private static readonly SymbolDisplayFormat s_short = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        s_full.GenericsOptions,
        miscellaneousOptions: s_full.MiscellaneousOptions);

    public static TypeModel Of(ITypeSymbol type)
    {
        var bare = type.WithNullableAnnotation(NullableAnnotation.None);
        return new(bare.ToDisplayString(s_code), bare.ToDisplayString(s_full), bare.ToDisplayString(s_short));
    }

    /// <summary>A member's name as C# writes it: with an @ where it would be a keyword.</summary>
    public static string Member(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
