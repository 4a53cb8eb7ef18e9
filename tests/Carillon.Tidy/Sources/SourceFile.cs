using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>A text file of the repository.</summary>
public sealed class SourceFile
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview);
    private readonly Lazy<SyntaxTree> _tree;
    private readonly Lazy<string[]> _lines;

    /// <param name="path">The path from the root of the repository, with slashes.</param>
    /// <param name="text">The content.</param>
    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        _tree = new(() => CSharpSyntaxTree.ParseText(text, Options, path));
        _lines = new(() => text.TrimEnd('\n').Split('\n'));
    }

    public string Path { get; }

    public string Text { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    /// <summary>The two topmost folders, such as <c>src/Carillon</c>.</summary>
    public string Project => string.Join('/', Path.Split('/').SkipLast(1).Take(2));

    public IReadOnlyList<string> Lines => _lines.Value;

    public SyntaxTree Tree => _tree.Value;

    public CompilationUnitSyntax Syntax => Tree.GetCompilationUnitRoot();

    /// <summary>The line on which a node begins, without what stands before it.</summary>
    public static int LineOf(SyntaxNodeOrToken node) => node.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1;

    public Violation Violation(IRule rule, int line, string advice) => new(Path, line, rule.GetType().Name, advice);

    public Violation Violation(IRule rule, SyntaxNodeOrToken node, string advice) => Violation(rule, LineOf(node), advice);
}
