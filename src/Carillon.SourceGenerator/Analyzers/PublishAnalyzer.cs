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
        // The first one that is written down: of an extension method, the context is before it.
        var message = call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == (call.TargetMethod.IsExtensionMethod ? 1 : 0));
        var place = message?.Syntax.GetLocation() ?? call.Syntax.GetLocation();
        var findings = new Findings();
        if (MessageParser.IsMarked(type))
            CheckKind(type, call.TargetMethod, place, findings);
        else if (MessageTypes.IsBaseOfMessages(type, context.Compilation))
            findings.Add(Rules.WrongMessageUse, place, type.Name, "is no message itself, and messages are published by their exact type; pass the message as its own type");
        else
            findings.Add(Rules.NotAMessage, place, type.Name, "mark it with [Event(\"…\")] or [Command(\"…\")]");
        Report(findings, context.ReportDiagnostic);
    }

    private static void CheckKind(ITypeSymbol type, IMethodSymbol method, Location place, Findings findings)
    {
        var isCommand = type.FindAttribute(KnownTypes.CommandAttribute) is not null;
        if (PublishedTypes.TakesCommands(method) is not { } takesCommands || takesCommands == isCommand)
            return;
        findings.Add(Rules.WrongMessageUse, place, type.Name, isCommand
            ? $"is a command, which goes to one receiver; send it with {PublishedTypes.MethodFor(isCommand, method)}"
            : $"is an event, which goes to everyone who listens; publish it with {PublishedTypes.MethodFor(isCommand, method)}");
    }
}
