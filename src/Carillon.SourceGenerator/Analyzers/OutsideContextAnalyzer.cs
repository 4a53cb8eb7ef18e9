using System.Collections.Immutable;
using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.SourceGenerator.Analyzers;

/// <summary>Finds contexts of Entity Framework Core that a handler which runs exactly once gets otherwise than as a parameter, and that so have no part in its unit of work.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OutsideContextAnalyzer : CarillonAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ContextOutside];

    private protected override void Register(CompilationStartAnalysisContext context)
    {
        var contexts = new OutsideContexts(context.Compilation);
        context.RegisterSymbolAction(symbol => Analyze((INamedTypeSymbol)symbol.Symbol, contexts, symbol), SymbolKind.NamedType);
    }

    private static void Analyze(INamedTypeSymbol type, OutsideContexts contexts, SymbolAnalysisContext context)
    {
        var reported = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
        {
            if (Parse(method, context.Compilation) is not { IsExactlyOnce: true } handler)
                continue;
            var joined = Parameters(method, handler, isJoined: true).Select(static parameter => parameter.Type).ToArray();
            var taken = Parameters(method, handler, isJoined: false).Concat(method.IsStatic ? [] : Constructed(type));
            foreach (var parameter in taken.Where(parameter => !reported.Contains(parameter)))
            {
                if (contexts.Find(parameter.Type, joined) is not { } outside)
                    continue;
                reported.Add(parameter);
                Report(parameter, outside, $"{type.Name}.{method.Name}", context.ReportDiagnostic);
            }
        }
    }

    private static HandlerModel? Parse(IMethodSymbol method, Compilation compilation) =>
        method.FindAttribute(KnownTypes.HandlerAttribute) is { } attribute ? HandlerParser.Parse(method, attribute, compilation, new Findings()) : null;

    private static IEnumerable<IParameterSymbol> Parameters(IMethodSymbol method, HandlerModel handler, bool isJoined) => method.Parameters
        .Where((_, number) => handler.Parameters[number].Origin == (isJoined ? ParameterOrigin.DbContext : ParameterOrigin.Service));

    private static IEnumerable<IParameterSymbol> Constructed(INamedTypeSymbol type) => type.InstanceConstructors
        .Where(static constructor => constructor.DeclaredAccessibility == Accessibility.Public)
        .SelectMany(static constructor => constructor.Parameters);

    private static void Report(IParameterSymbol parameter, ITypeSymbol outside, string handler, Action<Diagnostic> report)
    {
        var way = SymbolEqualityComparer.Default.Equals(parameter.Type, outside) ? "" : $", which brings a {outside.Name}";
        report(Diagnostic.Create(
            Rules.ContextOutside, parameter.Locations.FirstOrDefault(), handler, parameter.Name, $"{parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}{way}"));
    }
}
