using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>Whether generated code, which is in files of its own in the same assembly, can name a symbol.</summary>
internal static class Reach
{
    public static bool IsReachable(ITypeSymbol type, IAssemblySymbol from) => type switch
    {
        IArrayTypeSymbol array => IsReachable(array.ElementType, from),
        ITypeParameterSymbol => false,
        INamedTypeSymbol named => IsDeclaredReachable(named, from) && named.TypeArguments.All(argument => IsReachable(argument, from)),
        _ => true,
    };

    /// <summary>Whether a member is public or internal, so that generated code can call it.</summary>
    public static bool IsMemberReachable(ISymbol member) =>
        member.DeclaredAccessibility is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal;

    /// <summary>Whether a type, or one that it is nested in, has type parameters.</summary>
    public static bool IsGeneric(INamedTypeSymbol type) =>
        type.IsGenericType || (type.ContainingType is { } outer && IsGeneric(outer));

    private static bool IsDeclaredReachable(INamedTypeSymbol type, IAssemblySymbol from)
    {
        for (var current = type; current is not null; current = current.ContainingType)
        {
            if (current.IsFileLocal)
                return false;
            var isHidden = SymbolEqualityComparer.Default.Equals(current.ContainingAssembly, from)
                ? !IsMemberReachable(current)
                : current.DeclaredAccessibility != Accessibility.Public && !current.ContainingAssembly.GivesAccessTo(from);
            if (isHidden)
                return false;
        }

        return true;
    }
}
