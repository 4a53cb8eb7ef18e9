using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Tests.Compiling;

/// <summary>One run of the generator over a compilation.</summary>
internal sealed class GeneratorRun
{
    private GeneratorRun(Compilation output, GeneratorRunResult result)
    {
        Output = output;
        Result = result;
    }

    /// <summary>The compilation with what was generated.</summary>
    public Compilation Output { get; }

    public GeneratorRunResult Result { get; }

    public static GeneratorRun Of(params string[] sources) => Of(TestCompilation.Create(sources));

    public static GeneratorRun Of(Compilation compilation)
    {
        var driver = CreateDriver().RunGeneratorsAndUpdateCompilation(
            compilation, out var output, out _, TestContext.Current.CancellationToken);
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        Assert.Empty(result.Diagnostics);
        return new(output, result);
    }

    public static GeneratorDriver CreateDriver() => CSharpGeneratorDriver.Create(
        [new CarillonGenerator().AsSourceGenerator()],
        parseOptions: TestCompilation.ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The text of a generated file.</summary>
    public string File(string name) =>
        Result.GeneratedSources.FirstOrDefault(source => source.HintName == name).SourceText?.ToString()
        ?? throw new ArgumentException($"{name} was not generated, but {string.Join(", ", Result.GeneratedSources.Select(source => source.HintName))}.");

    /// <summary>Fails unless input and output compile together without a single diagnostic, hidden ones aside.</summary>
    public GeneratorRun AssertCompiles()
    {
        var diagnostics = Output.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic is { Severity: > DiagnosticSeverity.Hidden, IsSuppressed: false });
        Assert.Equal("", string.Join('\n', diagnostics));
        return this;
    }
}
