namespace Carillon.Tidy;

/// <summary>Which project of the product may lean on which others (design: dependencies point one way).</summary>
public static class Dependencies
{
    private const string Contracts = "Carillon.Contracts";
    private const string Abstractions = "Carillon.Abstractions";
    private const string Runtime = "Carillon";
    private const string Relational = "Carillon.Relational";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [Contracts] = [],
        [Abstractions] = [Contracts],
        ["Carillon.SourceGenerator"] = [],
        [Runtime] = [Abstractions],
        [Relational] = [Abstractions],
        ["Carillon.Conformance"] = [Abstractions],
        ["Carillon.Testing"] = [Abstractions, Runtime],
        ["Carillon.Dashboard"] = [Abstractions, Runtime],
        ["Carillon.Cli"] = [Abstractions, Runtime, Relational],
    };

    /// <summary>Brokers and stores are those that the list does not name.</summary>
    public static IReadOnlyCollection<string> AllowedFor(string project) =>
        Allowed.TryGetValue(project, out var allowed) ? allowed : [Abstractions, Relational];
}
