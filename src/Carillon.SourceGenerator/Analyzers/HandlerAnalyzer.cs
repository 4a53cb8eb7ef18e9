using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.SourceGenerator.Analyzers;

/// <summary>Says what is wrong with handlers.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandlerAnalyzer : CarillonAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.NoMessageParameter, Rules.AsyncVoid, Rules.NotAMessage, Rules.CommandHandledTwice, Rules.KeyMissing, Rules.InvalidTopics,
        Rules.NotReachable, Rules.ResultNotAMessage, Rules.InvalidBatchSize, Rules.WrongMessageUse, Rules.MessageNotReachable,
        Rules.NotInjectable, Rules.DeliveryContradicted, Rules.ContextNotJoined,
    ];

    private protected override void Register(CompilationStartAnalysisContext context)
    {
        var commands = new ConcurrentBag<(ITypeSymbol Command, IMethodSymbol Handler)>();
        context.RegisterSymbolAction(
            symbol => Analyze((IMethodSymbol)symbol.Symbol, symbol.Compilation, commands, symbol.ReportDiagnostic), SymbolKind.Method);
        context.RegisterSyntaxNodeAction(
            node => AnalyzeLocal(node, commands),
            SyntaxKind.LocalFunctionStatement, SyntaxKind.ParenthesizedLambdaExpression, SyntaxKind.SimpleLambdaExpression);
        context.RegisterCompilationEndAction(end => ReportHandledTwice(commands, end.ReportDiagnostic));
    }

    private static void AnalyzeLocal(SyntaxNodeAnalysisContext context, ConcurrentBag<(ITypeSymbol Command, IMethodSymbol Handler)> commands)
    {
        var symbol = context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken)
            ?? context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol;
        if (symbol is IMethodSymbol method)
            Analyze(method, context.Compilation, commands, context.ReportDiagnostic);
    }

    private static void Analyze(
        IMethodSymbol method, Compilation compilation, ConcurrentBag<(ITypeSymbol Command, IMethodSymbol Handler)> commands, Action<Diagnostic> report)
    {
        var findings = new Findings();
        foreach (var attribute in method.GetAttributes())
        {
            var isLocal = attribute.AttributeClass.Is(KnownTypes.LocalHandlerAttribute);
            if (!isLocal && !attribute.AttributeClass.Is(KnownTypes.HandlerAttribute))
                continue;
            var handler = HandlerParser.Parse(method, attribute, compilation, findings);
            if (handler is { IsLocal: false, Message.IsCommand: true })
                commands.Add((InputParser.MessageType(method.Parameters[0].Type), method));
        }

        Report(findings, report);
    }

    private static void ReportHandledTwice(IEnumerable<(ITypeSymbol Command, IMethodSymbol Handler)> commands, Action<Diagnostic> report)
    {
        foreach (var group in commands.GroupBy(item => item.Command, SymbolEqualityComparer.Default))
        {
            var handlers = group
                .Select(item => item.Handler)
                .OrderBy(handler => handler.Locations[0].SourceTree?.FilePath, StringComparer.Ordinal)
                .ThenBy(handler => handler.Locations[0].SourceSpan.Start)
                .ToArray();
            var first = $"{handlers[0].ContainingType.Name}.{handlers[0].Name}";
            foreach (var another in handlers.Skip(1))
                report(Diagnostic.Create(Rules.CommandHandledTwice, another.Locations[0], [handlers[0].Locations[0]], group.Key!.Name, first));
        }
    }
}
