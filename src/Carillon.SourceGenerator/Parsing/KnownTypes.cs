using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Parsing;

/// <summary>
/// Recognises the types that mean something to the generator, by name: a lookup in the compilation would find nothing when two
/// references declare the same type.
/// </summary>
internal static class KnownTypes
{
    public const string HandlerAttribute = "Carillon.HandlerAttribute";
    public const string LocalHandlerAttribute = "Carillon.LocalHandlerAttribute";
    public const string EventAttribute = "Carillon.EventAttribute";
    public const string CommandAttribute = "Carillon.CommandAttribute";
    public const string KeyAttribute = "Carillon.KeyAttribute";
    public const string UnitOfWork = "Carillon.IUnitOfWork";
    public const string Bus = "Carillon.IEventBus";
    public const string DbContextPublishing = "Carillon.DbContextPublishingExtensions";
    public const string BusExtensions = "Carillon.EventBusDbContextExtensions";
    public const string Transaction = "System.Data.Common.DbTransaction";
    public const string Connection = "System.Data.Common.DbConnection";
    public const string Context = "Microsoft.EntityFrameworkCore.DbContext";
    public const string ContextExtensions = "Carillon.EntityFrameworkCore.EventContextDbContextExtensions";
    public const string BuilderContextExtensions = "Carillon.EntityFrameworkCore.CarillonBuilderDbContextExtensions";
    public const string Builder = "Carillon.ICarillonBuilder";
    public const string Contracts = "Carillon.Contracts";

    public static bool Is(this ITypeSymbol? type, string fullName, int arity = 0)
    {
        if (type is not INamedTypeSymbol { ContainingType: null } named || named.Arity != arity)
            return false;
        var dot = fullName.LastIndexOf('.');
        return string.CompareOrdinal(fullName, dot + 1, named.Name, 0, int.MaxValue) == 0
            && named.ContainingNamespace.ToDisplayString() == fullName.Substring(0, dot);
    }

    public static AttributeData? FindAttribute(this ISymbol symbol, string fullName) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass.Is(fullName));

    public static Location? LocationOf(this AttributeData attribute) =>
        attribute.ApplicationSyntaxReference is { } reference ? Location.Create(reference.SyntaxTree, reference.Span) : null;

    /// <summary>The value given to a property of an attribute, or null when none is.</summary>
    public static TypedConstant? Setting(this AttributeData attribute, string name)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == name)
                return argument.Value;
        }

        return null;
    }

    /// <summary>The type and those that it derives from, itself first.</summary>
    public static IEnumerable<ITypeSymbol> SelfAndBases(this ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
            yield return current;
    }
}
