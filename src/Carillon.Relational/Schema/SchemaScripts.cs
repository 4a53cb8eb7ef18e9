using System.Globalization;
using System.Reflection;
using Carillon.Durability;

namespace Carillon.Relational;

/// <summary>
/// The numbered scripts that make a database's schema, in their order: the files <c>Schema/0001_….sql</c> and so on of a project. One that
/// was released is never changed.
/// </summary>
internal sealed class SchemaScripts(Assembly assembly)
{
    private const string Folder = "Carillon.Schema.";

    /// <summary>All scripts.</summary>
    public IReadOnlyList<SchemaScript> All { get; } =
        [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => Load(assembly, name))];

    /// <summary>The newest version of the schema that this version of Carillon knows.</summary>
    public int Newest => All[^1].Version;

    private static SchemaScript Load(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return new SchemaScript(int.Parse(name.AsSpan(Folder.Length, 4), CultureInfo.InvariantCulture), reader.ReadToEnd());
    }
}
