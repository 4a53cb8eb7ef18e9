using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>
/// Makes the order of positions the order of commits, within a partition: whoever appends to it holds its lock from before the position is
/// given until after the commit is visible. A reader that goes by position so never passes what commits later.
/// </summary>
internal static class AppendOrder
{
    // Sorted by the server, because those who take the same locks in another order wait for each other for ever.
    private const string Lock =
        "SELECT pg_advisory_xact_lock($1, partition) FROM (SELECT DISTINCT unnest($2) AS partition ORDER BY partition) AS ascending";

    /// <summary>
    /// Takes the locks, waiting for those who append to the same partitions. It belongs right before the rows are inserted, and the commit
    /// right after them: everybody else waits meanwhile. The server ends a transaction of Carillon that does neither within a while.
    /// </summary>
    /// <param name="connection">A connection in a transaction.</param>
    /// <param name="schema">The schema of the tables.</param>
    /// <param name="table">The table that is appended to.</param>
    /// <param name="partitions">Its partitions, in any order.</param>
    /// <param name="longestPause">How long the transaction may do nothing before the server ends it; null leaves that as it is.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task LockAsync(
        NpgsqlConnection connection, string schema, string table, int[] partitions, TimeSpan? longestPause, CancellationToken cancellation)
    {
        await using var batch = LockBatch(connection, schema, table, partitions, longestPause);
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The same as a batch that is still to be executed, so that what inserts can go to the server together with it.</summary>
    public static NpgsqlBatch LockBatch(NpgsqlConnection connection, string schema, string table, int[] partitions, TimeSpan? longestPause)
    {
        var batch = new NpgsqlBatch(connection);
        if (longestPause is { } longest)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(TransactionLimits.IdleTimeout(longest)));
        batch.BatchCommands.Add(LockCommand(schema, table, partitions));
        return batch;
    }

    /// <summary>The command that takes the locks, for a batch that also inserts and, by its end, commits.</summary>
    public static NpgsqlBatchCommand LockCommand(string schema, string table, int[] partitions) => new(Lock)
    {
        Parameters =
        {
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = AdvisoryLocks.Partitions(schema, table) },
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer, Value = partitions },
        },
    };
}
