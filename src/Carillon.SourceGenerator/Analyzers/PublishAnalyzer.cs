using System.Collections.Immutable;
using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.SourceGenerator.Analyzers;

/// <summary>Says what is wrong with calls that publish.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PublishAnalyzer : CarillonAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.NotAMessage, Rules.WrongMessageUse];

    private protected override void Register(CompilationStartAnalysisContext context) =>
        context.RegisterOperationAction(Analyze, OperationKind.Invocation);

    private static void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (PublishedTypes.Of(call.TargetMethod) is not { } type || type is ITypeParameterSymbol or IErrorTypeSymbol)
            return;
        var place = call.Arguments.FirstOrDefault()?.Syntax.GetLocation() ?? call.Syntax.GetLocation();
        var findings = new Findings();
        if (MessageParser.IsMarked(type))
            CheckKind(type, call.TargetMethod.Name, place, findings);
        else if (MessageTypes.IsBaseOfMessages(type, context.Compilation))
            findings.Add(Rules.WrongMessageUse, place, type.Name, "is no message itself, and messages are published by their exact type; pass the message as its own type");
        else
            findings.Add(Rules.NotAMessage, place, type.Name, "mark it with [Event(\"…\")] or [Command(\"…\")]");
        Report(findings, context.ReportDiagnostic);
    }

    private static void CheckKind(ITypeSymbol type, string method, Location place, Findings findings)
    {
        var isCommand = type.FindAttribute(KnownTypes.CommandAttribute) is not null;
        if (isCommand && method != "SendAsync")
            findings.Add(Rules.WrongMessageUse, place, type.Name, "is a command, which goes to one receiver; send it with SendAsync");
        else if (!isCommand && method == "SendAsync")
            findings.Add(Rules.WrongMessageUse, place, type.Name, "is an event, which goes to everyone who listens; publish it with PublishAsync");
    }
}
