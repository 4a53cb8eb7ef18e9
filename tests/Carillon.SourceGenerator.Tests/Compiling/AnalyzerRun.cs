using System.Collections.Immutable;
using System.Globalization;
using Carillon.SourceGenerator.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.SourceGenerator.Tests.Compiling;

/// <summary>
/// Runs the analyzers over source in which <c>[|…|]</c> stands around each place that a diagnostic is expected at.
/// </summary>
internal static class AnalyzerRun
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> _analyzers = [new HandlerAnalyzer(), new LanguageAnalyzer(), new MessageAnalyzer(), new OutsideContextAnalyzer(), new PublishAnalyzer(), new UnitOfWorkAnalyzer()];

    /// <summary>Fails unless the rule, and no other, fires at exactly the marked places.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> AssertAsync(string rule, string source)
    {
        var (text, expected) = ReadMarks(source);
        var found = await AnalyzeAsync(TestCompilation.Create(text));
        var actual = found
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .Select(diagnostic => $"{diagnostic.Id}: {text[diagnostic.Location.SourceSpan.Start..diagnostic.Location.SourceSpan.End]}");
        Assert.Equal(expected.Select(place => $"{rule}: {text[place]}"), actual);
        Assert.Equal(expected.Select(place => place.Start.Value), found.Select(diagnostic => diagnostic.Location.SourceSpan.Start).Order());
        return found;
    }

    /// <summary>Fails if any rule fires.</summary>
    public static async Task AssertCleanAsync(string source) => AssertNone(await AnalyzeAsync(TestCompilation.Create(source)));

    public static void AssertNone(IEnumerable<Diagnostic> diagnostics) => Assert.Equal("", string.Join('\n', diagnostics));

    /// <summary>What the analyzers say about a compilation, which must be free of the compiler's own errors.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> AnalyzeAsync(Compilation compilation)
    {
        var cancellation = TestContext.Current.CancellationToken;
        AssertNone(compilation.GetDiagnostics(cancellation).Where(diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error));
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        return await compilation.WithAnalyzers(_analyzers, options).GetAnalyzerDiagnosticsAsync(cancellation);
    }

    public static string MessageOf(Diagnostic diagnostic) => diagnostic.GetMessage(CultureInfo.InvariantCulture);

    private static (string Text, IReadOnlyList<Range> Places) ReadMarks(string source)
    {
        var places = new List<Range>();
        for (var open = source.IndexOf("[|", StringComparison.Ordinal); open >= 0; open = source.IndexOf("[|", StringComparison.Ordinal))
        {
            var close = source.IndexOf("|]", open, StringComparison.Ordinal);
            places.Add(open..(close - 2));
            source = source[..open] + source[(open + 2)..close] + source[(close + 2)..];
        }

        return (source, places);
    }
}
