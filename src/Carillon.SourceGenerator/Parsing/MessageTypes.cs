using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>
/// Every message type that a compilation can see, its own and those of referenced assemblies. Needed only for handlers that return a
/// base class or interface, so it is looked up when asked for and kept as long as the compilation lives.
/// </summary>
internal static class MessageTypes
{
    private static readonly ConditionalWeakTable<Compilation, IReadOnlyList<INamedTypeSymbol>> _known = new();

    /// <summary>The message types that can be assigned to a type, the most derived first, then by name.</summary>
    public static IReadOnlyList<INamedTypeSymbol> AssignableTo(ITypeSymbol type, Compilation compilation) =>
    [
        .. _known.GetValue(compilation, FindAll)
            .Where(message => compilation.ClassifyCommonConversion(message, type) is { IsImplicit: true, IsUserDefined: false, Exists: true })
            .OrderByDescending(message => message.SelfAndBases().Count())
            .ThenBy(message => message.ToDisplayString(), StringComparer.Ordinal),
    ];

    /// <summary>Whether a type is a class or interface that messages derive from.</summary>
    public static bool IsBaseOfMessages(ITypeSymbol type, Compilation compilation) =>
        type.TypeKind is TypeKind.Class or TypeKind.Interface && AssignableTo(type, compilation).Count > 0;

    private static IReadOnlyList<INamedTypeSymbol> FindAll(Compilation compilation)
    {
        var found = new List<INamedTypeSymbol>();
        Collect(compilation.Assembly.GlobalNamespace, found);
        foreach (var assembly in compilation.SourceModule.ReferencedAssemblySymbols)
        {
            if (assembly.Modules.Any(module => module.ReferencedAssemblies.Any(reference => reference.Name == KnownTypes.Contracts)))
                Collect(assembly.GlobalNamespace, found);
        }

        return found.FindAll(type => Reach.IsReachable(type, compilation.Assembly) && !Reach.IsGeneric(type));
    }

    private static void Collect(INamespaceOrTypeSymbol container, List<INamedTypeSymbol> found)
    {
        if (container is INamedTypeSymbol type && MessageParser.IsMarked(type))
            found.Add(type);
        foreach (var member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
            Collect(member, found);
    }
}
