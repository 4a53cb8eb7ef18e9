using System.Collections.Concurrent;
using System.Collections.Immutable;
using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Carillon.SourceGenerator.Parsing;
using Carillon.SourceGenerator.Serialization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.SourceGenerator.Analyzers;

/// <summary>Says what is wrong with message types.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MessageAnalyzer : CarillonAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.NotAMessage, Rules.NotSerializable, Rules.DuplicateName, Rules.InvalidKey, Rules.MessageNotReachable];

    private protected override void Register(CompilationStartAnalysisContext context)
    {
        var messages = new ConcurrentBag<(MessageModel Model, Location? Place)>();
        context.RegisterSymbolAction(symbol => Analyze(symbol, messages), SymbolKind.NamedType);
        context.RegisterCompilationEndAction(end => ReportDuplicates(messages, end.ReportDiagnostic));
    }

    private static void Analyze(SymbolAnalysisContext context, ConcurrentBag<(MessageModel Model, Location? Place)> messages)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!MessageParser.IsMarked(type))
            return;
        var findings = new Findings();
        if (MessageParser.Parse(type, context.Compilation.Assembly, findings) is { } model)
            messages.Add((model, type.Locations.FirstOrDefault()));
        if (!type.IsStatic && !type.IsRefLikeType)
            JsonCheck.Check(type, findings);
        Report(findings, context.ReportDiagnostic);
    }

    private static void ReportDuplicates(IEnumerable<(MessageModel Model, Location? Place)> messages, Action<Diagnostic> report)
    {
        foreach (var group in messages.GroupBy(message => (message.Model.WireName, message.Model.Version)))
        {
            var sorted = group.OrderBy(message => message.Model.Type.FullName, StringComparer.Ordinal).ToArray();
            foreach (var (model, place) in sorted.Skip(1))
            {
                report(Diagnostic.Create(Rules.DuplicateName, place,
                    model.Type.ShortName, sorted[0].Model.Type.ShortName, model.WireName, model.Version));
            }
        }
    }
}
