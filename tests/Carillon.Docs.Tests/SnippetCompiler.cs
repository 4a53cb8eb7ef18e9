using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Carillon.Docs.Tests;

/// <summary>
/// Compiles a block as a user's project would: with the assemblies, the source generator and the analyzers. Types that a block uses but
/// does not declare are taken from the other blocks of its page.
/// </summary>
public static class SnippetCompiler
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);
    private static readonly SyntaxTree Usings = CSharpSyntaxTree.ParseText(
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;", Options);

    private static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("xunit", StringComparison.OrdinalIgnoreCase))
        .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly Type[] Plugins = [.. Assembly.Load("Carillon.SourceGenerator").GetTypes().Where(type => !type.IsAbstract)];

    /// <summary>What the compiler, the generator and the analyzers complain about, warnings included.</summary>
    public static async Task<IReadOnlyList<string>> CompileAsync(Snippet snippet, IEnumerable<Snippet> page)
    {
        var tree = CSharpSyntaxTree.ParseText(snippet.Code, Options, snippet.Page);
        var borrowed = Borrow(tree, page.Where(other => other != snippet)).ToList();
        var (complete, reported) = Generate(tree, borrowed);
        var found = reported.AddRange(complete.GetDiagnostics());
        var analyzers = Instances<DiagnosticAnalyzer>().ToImmutableArray();
        if (analyzers.Length > 0)
            found = found.AddRange(await complete.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync());
        return [.. found
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !borrowed.Contains(diagnostic.Location.SourceTree!))
            .Select(diagnostic => Describe(diagnostic, snippet, tree))
            .Distinct()];
    }

    /// <summary>Compiles a block that stands for itself, and loads it.</summary>
    public static Assembly Load(Snippet snippet)
    {
        using var image = new MemoryStream();
        var emitted = Generate(CSharpSyntaxTree.ParseText(snippet.Code, Options, snippet.Page), []).Complete.Emit(image);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return Assembly.Load(image.ToArray());
    }

    private static (Compilation Complete, ImmutableArray<Diagnostic> Reported) Generate(SyntaxTree tree, IEnumerable<SyntaxTree> borrowed)
    {
        var kind = tree.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any() ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        var compilation = CSharpCompilation.Create("Snippet", [Usings, tree, .. borrowed], References, new(kind, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create(Instances<IIncrementalGenerator>().Select(generator => generator.AsSourceGenerator()), parseOptions: Options);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var complete, out var reported);
        return (complete, reported);
    }

    /// <summary>The types of the other blocks, each once, without those that the block declares itself.</summary>
    private static IEnumerable<SyntaxTree> Borrow(SyntaxTree tree, IEnumerable<Snippet> others)
    {
        var known = DeclaredIn(tree).Select(NameOf).ToHashSet();
        foreach (var other in others)
        {
            var root = CSharpSyntaxTree.ParseText(other.Code, Options).GetCompilationUnitRoot();
            var members = DeclaredIn(root.SyntaxTree).Where(type => known.Add(NameOf(type))).Cast<MemberDeclarationSyntax>().ToArray();
            if (members.Length > 0)
                yield return CSharpSyntaxTree.Create(root.WithMembers(new SyntaxList<MemberDeclarationSyntax>(members)), Options);
        }
    }

    private static IEnumerable<BaseTypeDeclarationSyntax> DeclaredIn(SyntaxTree tree) => tree.GetCompilationUnitRoot().Members.OfType<BaseTypeDeclarationSyntax>();

    private static string NameOf(BaseTypeDeclarationSyntax type) => type.Identifier.Text;

    private static IEnumerable<T> Instances<T>() => Plugins.Where(typeof(T).IsAssignableFrom).Select(type => (T)Activator.CreateInstance(type)!);

    private static string Describe(Diagnostic diagnostic, Snippet snippet, SyntaxTree tree)
    {
        var line = snippet.Line + (diagnostic.Location.SourceTree == tree ? diagnostic.Location.GetLineSpan().StartLinePosition.Line : 0);
        return $"{snippet.Page}:{line}: {diagnostic.Id} {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
