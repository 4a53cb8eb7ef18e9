using Carillon.SourceGenerator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.SourceGenerator.Analyzers;

/// <summary>What the analyzers have in common: they run only where Carillon is used, be it for contracts only, and never on generated code.</summary>
public abstract class CarillonAnalyzer : DiagnosticAnalyzer
{
    private protected CarillonAnalyzer()
    {
    }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Parsing.KnownTypes.EventAttribute) is not null)
                Register(start);
        });
    }

    private protected abstract void Register(CompilationStartAnalysisContext context);

    /// <summary>Reports each finding once, also when several attributes of one method lead to it.</summary>
    private protected static void Report(Findings findings, Action<Diagnostic> report)
    {
        foreach (var group in findings.Items.GroupBy(item => (item.Id, item.Location, item.GetMessage())))
            report(group.First());
    }
}
