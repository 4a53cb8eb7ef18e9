using System.Collections.Immutable;
using Carillon.SourceGenerator.Diagnostics;
using Carillon.SourceGenerator.Models;
using Carillon.SourceGenerator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.SourceGenerator.Analyzers;

/// <summary>Says why nothing is generated for a project whose version of C# is too old, instead of leaving it to find that <c>AddHandlers</c> is missing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LanguageAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.LanguageTooOld];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationAction(Analyze);
    }

    private static void Analyze(CompilationAnalysisContext context)
    {
        var project = ProjectParser.Parse(context.Compilation);
        if (project is { UsesCarillon: true, CompilesGenerated: false })
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.LanguageTooOld, Location.None, project.Language.ToDisplayString(), ProjectModel.Oldest.ToDisplayString()));
        }
    }
}
