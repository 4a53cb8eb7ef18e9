using System.Globalization;
using Carillon.Durability;
using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>
/// The tables that Carillon keeps in a SQLite file, as plain SQL, for those who create tables with migrations of their own. A service finds
/// them at start and adds nothing; without them it creates them by itself.
/// </summary>
public static class SqliteSchema
{
    private const string Create = "CREATE TABLE carillon_schema (version INTEGER PRIMARY KEY, applied INTEGER NOT NULL);\n";

    internal static SchemaScripts Scripts { get; } = new(typeof(SqliteSchema).Assembly);

    /// <summary>One script for each version of the schema, in their order.</summary>
    public static IReadOnlyList<SchemaScript> Versions { get; } = [.. Scripts.All.Select(script => new SchemaScript(script.Version, Complete(script.Version, script.Sql)))];

    /// <summary>All of it, for a file that has no table of Carillon's yet. Run it in one transaction.</summary>
    public static string Script() => string.Join('\n', Versions.Select(version => version.Sql));

    private static string Complete(int version, string sql) => string.Create(CultureInfo.InvariantCulture,
        $"{(version == 1 ? Create : "")}{sql}INSERT INTO carillon_schema (version, applied) VALUES ({version}, CAST(strftime('%s', 'now') AS INTEGER) * {TimeSpan.TicksPerSecond});\n");
}
