using Microsoft.CodeAnalysis;

namespace Carillon.SourceGenerator.Diagnostics;

/// <summary>
/// What is wrong with the code being parsed. The analyzers report it; the generator only looks whether there is anything, and then
/// writes no code for it.
/// </summary>
internal sealed class Findings
{
    private readonly List<Diagnostic> _items = [];

    public IReadOnlyList<Diagnostic> Items => _items;

    public bool Any => _items.Count > 0;

    public void Add(DiagnosticDescriptor rule, Location? location, params object[] arguments) =>
        _items.Add(Diagnostic.Create(rule, location ?? Location.None, arguments));

    public void Add(Diagnostic item) => _items.Add(item);

    public void Add(DiagnosticDescriptor rule, ISymbol symbol, params object[] arguments) =>
        Add(rule, symbol.Locations.FirstOrDefault(), arguments);
}
