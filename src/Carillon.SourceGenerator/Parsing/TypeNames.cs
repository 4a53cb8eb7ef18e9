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
        return new(CodeOf(bare), bare.ToDisplayString(_full), bare.ToDisplayString(_short), Obsolescence.Of(bare));
    }

    /// <summary>C# for a type. <c>nint</c> and <c>nuint</c> are C# 9, and other names of types that have one in every version.</summary>
    private static string CodeOf(ITypeSymbol type) => string.Concat(type.ToDisplayParts(_code).Select(part => part switch
    {
        { Kind: SymbolDisplayPartKind.Keyword } when part.ToString() == "nint" => "global::System.IntPtr",
        { Kind: SymbolDisplayPartKind.Keyword } when part.ToString() == "nuint" => "global::System.UIntPtr",
        _ => part.ToString(),
    }));

    /// <summary>A member's name as C# writes it: with an @ where it would be a keyword.</summary>
    public static string Member(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
