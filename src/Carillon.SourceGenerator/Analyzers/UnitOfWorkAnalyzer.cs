using System.Collections.Immutable;
using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Carillon.SourceGenerator.Analyzers;

/// <summary>Finds units of work that an async method begins and hands out, so that nothing which is published outside of it joins them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnitOfWorkAnalyzer : CarillonAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.UnitOfWorkLeft];

    private protected override void Register(CompilationStartAnalysisContext context) =>
        context.RegisterOperationAction(Analyze, OperationKind.Await);

    private static void Analyze(OperationAnalysisContext context)
    {
        var begun = (IAwaitOperation)context.Operation;
        if (Call(begun.Operation) is not { TargetMethod.Name: "BeginAsync" } call || !IsOfBus(call.TargetMethod.ContainingType))
            return;
        var body = BodyAround(begun);
        if (IsHandedOut(begun, body))
            context.ReportDiagnostic(Diagnostic.Create(Rules.UnitOfWorkLeft, call.Syntax.GetLocation(), NameOf(body, context.ContainingSymbol)));
    }

    private static bool IsOfBus(INamedTypeSymbol type) =>
        type.Is(KnownTypes.Bus) || type.Is(KnownTypes.BusExtensions) || type.AllInterfaces.Any(implemented => implemented.Is(KnownTypes.Bus));

    // What is awaited may be configured first, or be a task made of the call.
    private static IInvocationOperation? Call(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask", Instance: { } instance } => Call(instance),
        IConversionOperation conversion => Call(conversion.Operand),
        IInvocationOperation call => call,
        _ => null,
    };

    private static bool IsHandedOut(IOperation value, IOperation body) => value.Parent switch
    {
        IConversionOperation or ICoalesceOperation or IConditionalOperation => IsHandedOut(value.Parent, body),
        IReturnOperation => true,
        IArgumentOperation { Parent: IObjectCreationOperation made } => IsHandedOut(made, body),
        ITupleOperation tuple => IsHandedOut(tuple, body),
        ISimpleAssignmentOperation { Target: ILocalReferenceOperation local } assignment when assignment.Value == value => IsLocalHandedOut(local.Local, body),
        ISimpleAssignmentOperation { Target: IMemberReferenceOperation } assignment => assignment.Value == value,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } => IsLocalHandedOut(declarator.Symbol, body),
        _ => false,
    };

    private static bool IsLocalHandedOut(ILocalSymbol local, IOperation body) => body.Descendants()
        .OfType<ILocalReferenceOperation>()
        .Any(reference => SymbolEqualityComparer.Default.Equals(reference.Local, local) && BodyAround(reference) == body && IsHandedOut(reference, body));

    private static IOperation BodyAround(IOperation operation)
    {
        var body = operation.Parent;
        while (body is { Parent: not null } and not (IAnonymousFunctionOperation or ILocalFunctionOperation))
            body = body.Parent;
        return body ?? operation;
    }

    private static string NameOf(IOperation body, ISymbol containing) => body switch
    {
        ILocalFunctionOperation local => local.Symbol.Name,
        IAnonymousFunctionOperation => "An async lambda",
        _ => containing.Name,
    };
}
