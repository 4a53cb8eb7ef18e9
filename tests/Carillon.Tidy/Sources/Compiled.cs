using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>The code of the product with its names resolved: which file leans on which.</summary>
public sealed class Compiled
{
    private const string Implicit =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private readonly CSharpCompilation _compilation;
    private readonly IReadOnlyList<SourceFile> _files;
    private int _resolved;
    private int _unresolved;

    public Compiled(IReadOnlyList<SourceFile> files)
    {
        _files = files;
        var own = files.Select(file => file.Project.Split('/')[^1]).ToHashSet();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !own.Contains(Path.GetFileNameWithoutExtension(path)))
            .Select(path => MetadataReference.CreateFromFile(path));
        _compilation = CSharpCompilation.Create("house",
            [.. files.Select(file => file.Tree), CSharpSyntaxTree.ParseText(Implicit, new CSharpParseOptions(LanguageVersion.Preview))],
            references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>The share of names whose meaning was found, 0 to 1: below 0.95 nothing can be concluded.</summary>
    public double ResolvedShare => _resolved / (double)Math.Max(1, _resolved + _unresolved);

    /// <summary>Every use in one file of a type that another file declares.</summary>
    public IReadOnlyList<(SourceFile From, int Line, string To, string Type)> Leanings()
    {
        var leanings = new List<(SourceFile, int, string, string)>();
        foreach (var file in _files)
        {
            var model = _compilation.GetSemanticModel(file.Tree);
            foreach (var name in file.Syntax.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (DeclaringType(model.GetSymbolInfo(name)) is not { } type)
                    continue;
                foreach (var place in type.OriginalDefinition.DeclaringSyntaxReferences.Where(place => place.SyntaxTree != file.Tree))
                    leanings.Add((file, SourceFile.LineOf(name), place.SyntaxTree.FilePath, type.Name));
            }
        }

        return leanings;
    }

    private INamedTypeSymbol? DeclaringType(SymbolInfo found)
    {
        var symbol = found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
        _ = symbol is null ? _unresolved++ : _resolved++;
        return symbol switch
        {
            INamedTypeSymbol type => type,
            IMethodSymbol { ReducedFrom: { } extension } => extension.ContainingType,
            INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol => null,
            _ => symbol?.ContainingType,
        };
    }
}
