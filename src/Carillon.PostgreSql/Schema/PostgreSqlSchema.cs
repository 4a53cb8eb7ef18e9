using System.Globalization;
using System.Text;
using Carillon.Durability;
using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>The tables that Carillon keeps in a PostgreSQL database, for people who create them by themselves.</summary>
public static class PostgreSqlSchema
{
    private const string CreateVersions = "CREATE TABLE carillon_schema (version bigint PRIMARY KEY, applied bigint NOT NULL);";

    internal static SchemaScripts Scripts { get; } = new(typeof(PostgreSqlSchema).Assembly);

    /// <summary>
    /// The script that creates the tables, or brings older ones to the newest version. It is one transaction of plain SQL for psql, and may
    /// be run again: what is there already stays as it is. It is exactly what the host runs at start, unless
    /// <see cref="PostgreSqlOptions.CreateSchema"/> is false.
    /// </summary>
    /// <param name="schema">The schema of the database, as in <see cref="PostgreSqlOptions.Schema"/>. It is created when it is missing.</param>
    /// <returns>The script, in UTF-8 without characters outside ASCII.</returns>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.InvalidConfiguration"/>: no such schema is allowed.</exception>
    public static string Script(string schema = "public") =>
        $"""
        -- The tables of Carillon in the schema "{SchemaName.Check(schema)}", version {Scripts.Newest}. Run it as often as you like.
        BEGIN ISOLATION LEVEL READ COMMITTED;
        SELECT pg_advisory_xact_lock({AdvisoryLocks.Migration(schema).ToString(CultureInfo.InvariantCulture)});
        {Statements(schema)}
        COMMIT;

        """.ReplaceLineEndings("\n");

    /// <summary>
    /// One script for each version of the schema, in their order, for those who create tables with migrations of their own, such as
    /// <c>modelBuilder.AddCarillon(PostgreSqlSchema.Versions())</c>. Each runs once, in a transaction; a host that starts meanwhile waits for
    /// its end, finds the tables and adds nothing.
    /// </summary>
    /// <inheritdoc cref="Script"/>
    /// <returns>The scripts.</returns>
    public static IReadOnlyList<SchemaScript> Versions(string schema = "public")
    {
        var tables = new TableNames(schema);
        return [.. Scripts.All.Select(script => new SchemaScript(script.Version, tables.Qualify(Version(schema, script.Version, script.Sql)).ReplaceLineEndings("\n")))];
    }

    /// <summary>The script without the transaction around it.</summary>
    internal static string Statements(string schema)
    {
        var script = new StringBuilder().AppendLine(CultureInfo.InvariantCulture,
            $"""
            DO $carillon$ BEGIN
            {Namespace(SchemaName.Check(schema))}
            IF to_regclass('"{schema}".carillon_schema') IS NULL THEN
            {CreateVersions}
            END IF;
            END $carillon$;
            """);
        foreach (var (version, sql) in Scripts.All)
        {
            script.AppendLine(CultureInfo.InvariantCulture,
                $"""
                DO $carillon$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM carillon_schema WHERE version = {version}) THEN
                {sql}
                {Note(version)}
                END IF;
                END $carillon$;
                """);
        }

        return new TableNames(schema).Qualify(script.ToString());
    }

    // Statements stand by themselves, because whoever runs migrations reads which tables they create.
    private static string Version(string schema, int version, string sql) => string.Create(CultureInfo.InvariantCulture,
        $"""
        DO $carillon$ BEGIN PERFORM pg_advisory_xact_lock({AdvisoryLocks.Migration(schema)}); END $carillon$;
        {(version == 1 ? $"DO $carillon$ BEGIN {Namespace(schema)} END $carillon$;\n{CreateVersions}\n" : "")}{sql}{Note(version)}

        """);

    private static string Namespace(string schema) => $"IF to_regnamespace('\"{schema}\"') IS NULL THEN CREATE SCHEMA \"{schema}\"; END IF;";

    private static string Note(int version) => string.Create(CultureInfo.InvariantCulture,
        $"INSERT INTO carillon_schema (version, applied) VALUES ({version}, {DatabaseTime.Now});");
}
