using Carillon.SourceGenerator.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Names types and members for code and for people.</summary>
internal static class TypeNames
{
    private static readonly SymbolDisplayFormat _code = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat _full = _code.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    private static readonly SymbolDisplayFormat _short = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        _full.GenericsOptions,
        miscellaneousOptions: _full.MiscellaneousOptions);

    public static TypeModel Of(ITypeSymbol type)
    {
        var bare = type.WithNullableAnnotation(NullableAnnotation.None);
        return new(bare.ToDisplayString(_code), bare.ToDisplayString(_full), bare.ToDisplayString(_short));
    }

    /// <summary>A member's name as C# writes it: with an @ where it would be a keyword.</summary>
    public static string Member(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
