using System.Data;
using System.Globalization;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Brings the tables to the newest version, in one transaction under a lock, so that processes that start together take turns.</summary>
internal sealed class SchemaMigration(PostgreSqlConnections connections, PostgreSqlOptions options)
{
    private const string Create =
        $"INSERT INTO carillon_database (one, partitions, created) VALUES (1, @partitions, {DatabaseTime.Now}) ON CONFLICT DO NOTHING";

    private const string Missing = "SELECT name FROM unnest(@names) AS name WHERE to_regclass(quote_ident(@schema) || '.' || name) IS NULL ORDER BY name";

    private readonly TableNames _tables = new(options.Schema);

    /// <summary>Applies what is missing, or complains about it when <see cref="PostgreSqlOptions.CreateSchema"/> is false.</summary>
    /// <returns>The database's number of partitions.</returns>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.SchemaTooNew"/> or <see cref="ErrorCodes.SchemaMissing"/>.</exception>
    /// <exception cref="CarillonException">The database cannot be used.</exception>
    public async Task<int> ApplyAsync(CancellationToken cancellation)
    {
        await using var connection = await connections.OpenReservedAsync(cancellation);
        try
        {
            // What is read after the lock was waited for must be what is there now, whatever the database's own default is.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            // Where nothing is to be done, which is nearly always, nobody waits for others who start.
            if (await CurrentAsync(connection, cancellation) != PostgreSqlSchema.Scripts.Newest)
            {
                await TakeTurnAsync(connection, cancellation);
                await UpdateAsync(connection, await CurrentAsync(connection, cancellation), cancellation);
            }

            await CheckTablesAsync(connection, cancellation);
            var partitions = await PartitionsAsync(connection, cancellation);
            await CheckedCommit.RunAsync(connection, cancellation);
            return partitions;
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw StorageFailure.From(e, connections.Database, atCommit: false);
        }
    }

    private async Task TakeTurnAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var turn = new NpgsqlCommand($"{TransactionLimits.Of(TransactionOwnership.Work, options)}SELECT pg_advisory_xact_lock(@migration)", connection);
        turn.Parameters.AddWithValue("migration", AdvisoryLocks.Migration(options.Schema));
        await turn.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<int> CurrentAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if ((await MissingAsync(connection, ["carillon_schema"], cancellation)).Count > 0)
            return 0;
        await using var command = new NpgsqlCommand(_tables.Qualify("SELECT max(version) FROM carillon_schema"), connection);
        return await command.ExecuteScalarAsync(cancellation) is long version ? (int)version : 0;
    }

    private async Task UpdateAsync(NpgsqlConnection connection, int current, CancellationToken cancellation)
    {
        if (current > PostgreSqlSchema.Scripts.Newest)
        {
            throw new CarillonConfigurationException(ErrorCodes.SchemaTooNew,
                $"The tables in {Place} have version {current}, but this version of Carillon knows only {PostgreSqlSchema.Scripts.Newest}. Update Carillon.PostgreSql, or use another schema.");
        }

        if (current == PostgreSqlSchema.Scripts.Newest)
            return;
        if (!options.CreateSchema)
        {
            var found = current == 0 ? "are missing" : $"have version {current}";
            throw new CarillonConfigurationException(ErrorCodes.SchemaMissing,
                $"The tables in {Place} {found}, but version {PostgreSqlSchema.Scripts.Newest} is needed, and Carillon:PostgreSql:CreateSchema is false. "
                + $"Run the script that PostgreSqlSchema.Script(\"{options.Schema}\") returns with psql, or let Carillon create the tables.");
        }

        await using var script = new NpgsqlCommand(PostgreSqlSchema.Statements(options.Schema), connection);
        await script.ExecuteNonQueryAsync(cancellation);
    }

    private async Task CheckTablesAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var missing = await MissingAsync(connection, TableNames.All, cancellation);
        if (missing.Count == 0)
            return;
        throw new CarillonConfigurationException(ErrorCodes.SchemaMissing,
            $"In {Place} there is no table {string.Join(", ", missing)}, although carillon_schema says that version {PostgreSqlSchema.Scripts.Newest} was applied: "
            + "somebody dropped it, or the database was restored in part. Restore it from a backup. Nothing is created anew in its place, because what it held would be lost silently.");
    }

    private async Task<List<string>> MissingAsync(NpgsqlConnection connection, string[] names, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Missing, connection) { Parameters = { new("names", names), new("schema", options.Schema) } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var missing = new List<string>();
        while (await reader.ReadAsync(cancellation))
            missing.Add(reader.GetString(0));
        return missing;
    }

    private async Task<int> PartitionsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using (var create = new NpgsqlCommand(_tables.Qualify(Create), connection) { Parameters = { new("partitions", (long)options.Partitions) } })
            await create.ExecuteNonQueryAsync(cancellation);
        await using var read = new NpgsqlCommand(_tables.Qualify("SELECT partitions FROM carillon_database"), connection);
        return Convert.ToInt32(await read.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }

    private string Place => $"the schema \"{options.Schema}\" of {connections.Database}";
}
