using System.Reflection;
using System.Runtime.CompilerServices;
using Carillon.SourceGenerator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Tests.Diagnostics;

/// <summary>Every rule is complete: a page, a release note, a help text, an analyzer that reports it.</summary>
public sealed class RuleTests
{
    private static readonly DiagnosticDescriptor[] _rules =
    [
        .. typeof(Rules).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => field.GetValue(null))
            .OfType<DiagnosticDescriptor>(),
    ];

    [Fact]
    public void Rule_ShouldHaveAPage_WhenItHasAnId() => Assert.All(_rules, rule =>
    {
        var page = Path.Combine(Root(), "docs", "rules", $"{rule.Id}.md");
        Assert.True(File.Exists(page), $"{page} is missing.");
        var lines = File.ReadAllLines(page);
        Assert.Equal($"# {rule.Id}: {rule.Title}", lines[0]);
        Assert.Equal($"Category: {rule.Category} · Severity: {(rule.DefaultSeverity == DiagnosticSeverity.Error ? "error" : "warning")}", lines[2]);
        Assert.EndsWith($"/docs/rules/{rule.Id}.md", rule.HelpLinkUri, StringComparison.Ordinal);
    });

    [Fact]
    public void Page_ShouldBelongToARule_WhenItIsThere() => Assert.Equal(
        _rules.Select(rule => $"{rule.Id}.md").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Path.Combine(Root(), "docs", "rules"), "CRL*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void Rule_ShouldSayWhatToDo_WhenItIsReported() => Assert.All(_rules, rule =>
    {
        // Who only reads with a context outside does nothing wrong.
        Assert.Equal(rule == Rules.ContextOutside ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error, rule.DefaultSeverity);
        Assert.True(rule.IsEnabledByDefault);
        Assert.NotEmpty(rule.Description.ToString(System.Globalization.CultureInfo.InvariantCulture));
    });

    [Fact]
    public void Rule_ShouldHaveItsOwnId_WhenThereAreOthers() => Assert.Equal(
        Enumerable.Range(1, _rules.Length).Select(number => $"CRL{number:0000}"), _rules.Select(rule => rule.Id).Order(StringComparer.Ordinal));

    private static string Root([CallerFilePath] string path = "")
    {
        var folder = Path.GetDirectoryName(path);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Carillon.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Carillon.slnx above {path}.");
    }
}
