using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Carillon.SourceGenerator.Tests.Compiling;

/// <summary>Source of a user of Carillon, compiled as a user's project would be.</summary>
internal static class TestCompilation
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Data.Common;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Carillon;
        global using Microsoft.Data.Sqlite;
        global using Microsoft.Extensions.DependencyInjection;
        """;

    // What the SDK leaves out for every project: CS1701 and CS1702 say that a library was built against an older .NET.
    private static readonly KeyValuePair<string, ReportDiagnostic>[] _suppressed =
    [
        new("CS1591", ReportDiagnostic.Suppress), new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress),
    ];

    private static readonly MetadataReference[] _references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Carillon.SourceGenerator", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpCompilation Create(params string[] sources) => Create("Shop", [], sources);

    public static CSharpCompilation Create(string assembly, IEnumerable<MetadataReference> references, params string[] sources) =>
        Compile(assembly, ParseOptions, [.. _references, .. references], [Usings, .. sources]);

    /// <summary>A project with another version of C#, whose sources bring their own usings.</summary>
    public static CSharpCompilation CreateIn(LanguageVersion version, params string[] sources) =>
        Compile("Shop", ParseOptions.WithLanguageVersion(version), _references, sources);

    /// <summary>Contracts that know nothing of Carillon but its attributes.</summary>
    public static CSharpCompilation CreateContracts(params string[] sources) => Compile("Contracts", ParseOptions, ForContracts(), [Usings, .. sources]);

    /// <summary>Such contracts in another version of C#.</summary>
    public static CSharpCompilation CreateContractsIn(LanguageVersion version, params string[] sources) =>
        Compile("Contracts", ParseOptions.WithLanguageVersion(version), ForContracts(), sources);

    private static MetadataReference[] ForContracts() => [.. _references.Where(reference => IsForContracts(Path.GetFileName(reference.Display!)))];

    private static bool IsForContracts(string file) => file == "Carillon.Contracts.dll" || !file.StartsWith("Carillon", StringComparison.Ordinal);

    private static CSharpCompilation Compile(string assembly, CSharpParseOptions options, MetadataReference[] references, string[] sources) =>
        CSharpCompilation.Create(
            assembly,
            sources.Select((source, index) => CSharpSyntaxTree.ParseText(source, options, string.Create(CultureInfo.InvariantCulture, $"File{index}.cs"))),
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                generalDiagnosticOption: ReportDiagnostic.Error,
                specificDiagnosticOptions: _suppressed,
                nullableContextOptions: options.LanguageVersion < LanguageVersion.CSharp8 ? NullableContextOptions.Disable : NullableContextOptions.Enable));

    /// <summary>The compilation as a reference of another one.</summary>
    public static MetadataReference ToReference(this Compilation compilation)
    {
        using var image = new MemoryStream();
        var result = compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        return MetadataReference.CreateFromImage(image.ToArray());
    }
}
