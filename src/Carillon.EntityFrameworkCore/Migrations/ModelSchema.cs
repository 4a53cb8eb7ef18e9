using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// What a model says about Carillon's tables. Their version and names are annotations, which migrations keep in their snapshot; the scripts
/// are not, because a snapshot is to be read.
/// </summary>
internal sealed partial class ModelSchema
{
    private const string VersionAnnotation = "Carillon:SchemaVersion";
    private const string TablesAnnotation = "Carillon:Tables";
    private static readonly ConditionalWeakTable<IReadOnlyModel, IReadOnlyList<SchemaScript>> _scripts = [];

    private ModelSchema(IReadOnlyModel? model)
    {
        Version = model?.FindAnnotation(VersionAnnotation)?.Value as int? ?? 0;
        Tables = (model?.FindAnnotation(TablesAnnotation)?.Value as string)?.Split(' ') ?? [];
        Scripts = model is not null && _scripts.TryGetValue(model, out var scripts) ? scripts : [];
    }

    /// <summary>The version of the tables; 0 when the model has none.</summary>
    public int Version { get; }

    /// <summary>The names of the tables, in the order in which they are created.</summary>
    public IReadOnlyList<string> Tables { get; }

    /// <summary>The scripts; none for a model that was read from a snapshot.</summary>
    public IReadOnlyList<SchemaScript> Scripts { get; }

    public static ModelSchema Of(IRelationalModel? model) => new(model?.Model);

    public static void Set(IMutableModel model, IReadOnlyList<SchemaScript> scripts)
    {
        model.SetAnnotation(VersionAnnotation, scripts.Max(script => script.Version));
        model.SetAnnotation(TablesAnnotation, string.Join(' ', scripts.SelectMany(script => CreatedTable().Matches(script.Sql)).Select(match => match.Groups["name"].Value)));
        _scripts.AddOrUpdate(model, scripts);
    }

    [GeneratedRegex("""^\s*CREATE TABLE (IF NOT EXISTS )?(?<name>("\w+"\.)?[a-z_.]+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex CreatedTable();
}
