using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>
/// How far all partitions together may be read by position. The oldest open transaction does not tell: a transaction that began later may
/// hold a lower position, and one that began earlier a higher one.
/// </summary>
internal static class AppendHorizon
{
    // Who was given one of these positions holds the lock of its partition until it is committed; so first the number, then the locks.
    private const string Sql =
        """
        SELECT pg_sequence_last_value(pg_get_serial_sequence(@table, 'position')::regclass);
        SELECT pg_advisory_xact_lock_shared(@lock, partition) FROM generate_series(0, @partitions - 1) AS partition
        """;

    /// <summary>Waits for those who are appending now, which is short, and for nobody else.</summary>
    /// <param name="connection">A connection without a transaction, so that the locks are freed at once.</param>
    /// <param name="schema">The schema of the tables.</param>
    /// <param name="table">The table.</param>
    /// <param name="partitions">The number of its partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The position up to which everything is committed or never will be; 0 when nothing was ever appended.</returns>
    public static async Task<long> ReadAsync(NpgsqlConnection connection, string schema, string table, int partitions, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddWithValue("table", new TableNames(schema).Qualify(table));
        command.Parameters.AddWithValue("lock", NpgsqlDbType.Integer, AdvisoryLocks.Partitions(schema, table));
        command.Parameters.AddWithValue("partitions", NpgsqlDbType.Integer, partitions);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var position = await reader.ReadAsync(cancellation) && !reader.IsDBNull(0) ? reader.GetInt64(0) : 0;

        // The locks are waited for by reading to the end.
        while (await reader.NextResultAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
                continue;
        }

        return position;
    }
}
