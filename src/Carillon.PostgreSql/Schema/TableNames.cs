using System.Text.RegularExpressions;

namespace Carillon.PostgreSql;

/// <summary>
/// Puts the schema before the names of the tables. Statements are written without it; the search path of a connection is never relied on,
/// because it belongs to whoever opened the connection.
/// </summary>
internal sealed partial class TableNames(string schema)
{
    /// <summary>All tables of the newest version.</summary>
    public static readonly string[] All =
    [
        "carillon_schema", "carillon_database", "carillon_messages", "carillon_subscriptions", "carillon_commands", "carillon_declarations", "carillon_instances",
        "carillon_leases", "carillon_parking", "carillon_starts", "carillon_replays", "carillon_parked", "carillon_inbox", "carillon_outbox", "carillon_scheduled",
    ];

    private readonly string _replacement = $"\"{SchemaName.Check(schema)}\".$0";

    /// <summary>The schema.</summary>
    public string Schema => schema;

    /// <summary>The statement with the schema before each table. Do it once for a statement and keep the result.</summary>
    public string Qualify(string sql) => Table().Replace(sql, _replacement);

    // Names of indexes begin like those of their tables and may not be qualified where they are created.
    [GeneratedRegex("""(?<![\w."])carillon_(schema|database|messages|subscriptions|commands|declarations|instances|leases|parking|starts|replays|parked|inbox|outbox|scheduled)(?!\w)""")]
    private static partial Regex Table();
}
