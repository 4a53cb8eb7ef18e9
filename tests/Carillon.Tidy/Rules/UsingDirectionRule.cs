using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Carillon.Tidy;

/// <summary>A project of the product uses namespaces of those projects only that it may refer to.</summary>
public sealed class UsingDirectionRule : IRule
{
    public IEnumerable<Violation> Check(SourceTree tree)
    {
        // Only names of ours: the generator declares some of System for its old framework.
        var owners = tree.CSharp("src")
            .SelectMany(file => NamespacesOf(file).Where(name => name.StartsWith("Carillon", StringComparison.Ordinal)).Select(name => (Name: name, Project: ProjectOf(file))))
            .ToLookup(declared => declared.Name, declared => declared.Project);
        foreach (var file in tree.CSharp("src"))
        {
            var project = ProjectOf(file);
            foreach (var directive in file.Syntax.DescendantNodes().OfType<UsingDirectiveSyntax>())
            {
                var name = directive.NamespaceOrType.ToString().Replace("global::", "", StringComparison.Ordinal);
                var declaring = owners[name].Distinct().ToList();
                if (declaring.Count > 0 && !declaring.Contains(project) && !declaring.Intersect(Dependencies.AllowedFor(project)).Any())
                    yield return file.Violation(this, directive, $"{project} may not use {name} of {string.Join(", ", declaring)}");
            }
        }
    }

    private static string ProjectOf(SourceFile file) => file.Project["src/".Length..];

    private static IEnumerable<string> NamespacesOf(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().Select(declared => declared.Name.ToString());
}
