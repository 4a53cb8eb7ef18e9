using System.Globalization;
using System.Text;

namespace Carillon.PostgreSql;

/// <summary>The tables that Carillon keeps in a PostgreSQL database, for people who create them by themselves.</summary>
public static class PostgreSqlSchema
{
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
        -- The tables of Carillon in the schema "{SchemaName.Check(schema)}", version {SchemaScripts.Newest}. Run it as often as you like.
        BEGIN ISOLATION LEVEL READ COMMITTED;
        SELECT pg_advisory_xact_lock({AdvisoryLocks.Migration(schema).ToString(CultureInfo.InvariantCulture)});
        {Statements(schema)}
        COMMIT;

        """.ReplaceLineEndings("\n");

    /// <summary>The script without the transaction around it.</summary>
    internal static string Statements(string schema)
    {
        var script = new StringBuilder().AppendLine(CultureInfo.InvariantCulture,
            $"""
            DO $carillon$ BEGIN
            IF to_regnamespace('"{SchemaName.Check(schema)}"') IS NULL THEN CREATE SCHEMA "{schema}"; END IF;
            IF to_regclass('"{schema}".carillon_schema') IS NULL THEN
            CREATE TABLE carillon_schema (version bigint PRIMARY KEY, applied bigint NOT NULL);
            END IF;
            END $carillon$;
            """);
        foreach (var (version, sql) in SchemaScripts.All)
        {
            script.AppendLine(CultureInfo.InvariantCulture,
                $"""
                DO $carillon$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM carillon_schema WHERE version = {version}) THEN
                {sql}
                INSERT INTO carillon_schema (version, applied) VALUES ({version}, {DatabaseTime.Now});
                END IF;
                END $carillon$;
                """);
        }

        return new TableNames(schema).Qualify(script.ToString());
    }
}
