using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>
/// Finds contexts of Entity Framework Core in what a handler is given otherwise than as a context: an interface of a context, a factory, a class of the same compilation that takes one.
/// </summary>
internal sealed class OutsideContexts(Compilation compilation)
{
    private const string Factory = "Microsoft.EntityFrameworkCore.IDbContextFactory";

    private readonly Lazy<IReadOnlyList<INamedTypeSymbol>> _classes = new(() => [.. ClassesOf(compilation.Assembly.GlobalNamespace)]);

    /// <summary>The context that comes with a service of this type, unless the handler takes it too and so lets it join; null where there is none.</summary>
    public ITypeSymbol? Find(ITypeSymbol service, IReadOnlyList<ITypeSymbol> joined) =>
        FindDirect(service, joined) ?? FindTaken(service, joined);

    private ITypeSymbol? FindDirect(ITypeSymbol service, IReadOnlyList<ITypeSymbol> joined)
    {
        if (FactoryOf(service) is { } made)
            return made;
        var isContext = IsContext(service) || (service.TypeKind == TypeKind.Interface && ImplementersOf(service) is { Count: > 0 } classes && classes.All(IsContext));
        return isContext && !joined.Any(context => IsSame(context, service)) ? service : null;
    }

    /// <summary>What the class takes that a service is made of. What that one is made of is not looked at.</summary>
    private ITypeSymbol? FindTaken(ITypeSymbol service, IReadOnlyList<ITypeSymbol> joined) => ClassOf(service)?.InstanceConstructors
        .Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public)
        .SelectMany(static constructor => constructor.Parameters)
        .Select(parameter => FindDirect(parameter.Type, joined))
        .FirstOrDefault(static context => context is not null);

    /// <summary>The class of this compilation that a service is, or that alone implements its interface.</summary>
    private INamedTypeSymbol? ClassOf(ITypeSymbol service) => service switch
    {
        { TypeKind: TypeKind.Interface } => ImplementersOf(service) is { Count: 1 } only ? only[0] : null,
        INamedTypeSymbol { TypeKind: TypeKind.Class } type when SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly) => type,
        _ => null,
    };

    private List<INamedTypeSymbol> ImplementersOf(ITypeSymbol contract) =>
        [.. _classes.Value.Where(type => type.AllInterfaces.Any(implemented => SymbolEqualityComparer.Default.Equals(implemented, contract)))];

    private static ITypeSymbol? FactoryOf(ITypeSymbol type) =>
        type.AllInterfaces.Concat(type is INamedTypeSymbol named ? [named] : []).FirstOrDefault(static self => self.Is(Factory, 1))?.TypeArguments[0];

    private static bool IsContext(ITypeSymbol type) => type.SelfAndBases().Any(static self => self.Is(KnownTypes.Context));

    // Of two that are related, both may be registered as one.
    private static bool IsSame(ITypeSymbol joined, ITypeSymbol service) => Is(joined, service) || Is(service, joined);

    private static bool Is(ITypeSymbol type, ITypeSymbol wanted) =>
        type.SelfAndBases().Concat(type.AllInterfaces).Any(self => SymbolEqualityComparer.Default.Equals(self, wanted));

    private static IEnumerable<INamedTypeSymbol> ClassesOf(INamespaceOrTypeSymbol outer) => outer.GetMembers()
        .OfType<INamespaceOrTypeSymbol>()
        .SelectMany(static member => member is INamedTypeSymbol { TypeKind: TypeKind.Class, IsAbstract: false } type ? ClassesOf(type).Prepend(type) : ClassesOf(member));
}
