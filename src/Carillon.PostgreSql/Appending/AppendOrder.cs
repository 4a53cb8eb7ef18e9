using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>
/// Makes the order of positions the order of commits, within a partition: whoever appends to it holds its lock from before the position is
/// given until after the commit is visible. A reader that goes by position so never passes what commits later.
/// </summary>
/// <remarks>
/// A transaction of a user may hold one for long. So nobody waits for long for one partition while he holds others: those who append to them
/// would wait with him.
/// </remarks>
internal sealed class AppendOrder(NpgsqlConnection connection, int scope)
{
    // Sorted by the server, because those who take the same locks in another order wait for each other for ever.
    private const string Lock =
        "SELECT pg_advisory_xact_lock($1, partition) FROM (SELECT DISTINCT unnest($2) AS partition ORDER BY partition) AS ascending";

    private const string LockOne = "SELECT pg_advisory_xact_lock($1, $2)";
    private const string TryLock = "SELECT partition FROM unnest($2) AS partition WHERE pg_try_advisory_xact_lock($1, partition)";

    // Locks that were taken after a savepoint are given back with it; releasing it keeps them.
    private const string Before = "SAVEPOINT carillon_append";
    private const string GiveBack = "ROLLBACK TO SAVEPOINT carillon_append";
    private const string Keep = "RELEASE SAVEPOINT carillon_append";
    private const int TriesMax = 10;
    private static readonly TimeSpan LongestMoment = TimeSpan.FromMilliseconds(200);

    /// <summary>The command that takes the locks, waiting for each while it holds those of lower numbers, for a batch that also inserts.</summary>
    /// <param name="scope">The number that the locks of the table have in common (<see cref="SqlTexts.LockOf"/>).</param>
    /// <param name="partitions">The partitions.</param>
    public static NpgsqlBatchCommand LockCommand(int scope, PartitionSet partitions) =>
        partitions.Count == 1 ? new(LockOne) { Parameters = { Number(scope), Number(partitions.First) } } : Command(Lock, scope, partitions);

    /// <summary>
    /// Takes the locks of a transaction that needs all of them. It belongs right before the rows are inserted, and the commit right after them:
    /// everybody else waits meanwhile. The server ends a transaction of Carillon that does neither within a while.
    /// </summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="longestPause">How long the transaction may do nothing before the server ends it; null leaves that as it is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="PostgresException">One of them was not free for longer than the transaction waits for locks.</exception>
    public async ValueTask TakeAllAsync(PartitionSet partitions, TimeSpan? longestPause, CancellationToken cancellation)
    {
        // Ahead of the savepoint, which would take it back.
        if (longestPause is { } longest)
            await RunAsync(TransactionLimits.IdleTimeout(longest), cancellation);
        var awaited = PartitionSet.None;
        for (var tries = 0; partitions.Count > 1 && tries < TriesMax; tries++)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(Before) } };
            if (!awaited.IsEmpty)
                batch.BatchCommands.Add(LockCommand(scope, awaited));
            batch.BatchCommands.Add(Command(TryLock, scope, partitions));
            var missing = partitions.Without(await ReadAsync(batch, cancellation));
            await RunAsync(missing.IsEmpty ? Keep : $"{GiveBack}; {Keep}", cancellation);
            if (missing.IsEmpty)
                return;
            awaited = PartitionSet.None.With(missing.First);
        }

        // Where each try meets somebody else, nobody keeps them for long.
        await using var all = new NpgsqlBatch(connection) { BatchCommands = { LockCommand(scope, partitions) } };
        await all.RunAsync(cancellation);
    }

    /// <summary>
    /// Takes those locks that are free, after it has waited a moment for some of them: where many append, a lock is free only for the one whose turn it is.
    /// The transaction must be Carillon's own.
    /// </summary>
    /// <returns>Those that it has.</returns>
    public async ValueTask<PartitionSet> TakeFreeAsync(
        PartitionSet partitions, PartitionSet awaited, PostgreSqlOptions options, CancellationToken cancellation)
    {
        try
        {
            await using var wait = new NpgsqlBatch(connection)
            {
                BatchCommands = { new(Before), TransactionLimits.LockTimeoutCommand(Moment(options)), LockCommand(scope, awaited) },
            };
            await wait.RunAsync(cancellation);
        }
        catch (PostgresException error) when (IsTaken(error))
        {
            await RunAsync(GiveBack, cancellation);
        }

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new(Keep), TransactionLimits.LockTimeoutCommand(options.LockTimeout), Command(TryLock, scope, partitions) },
        };
        return await ReadAsync(batch, cancellation);
    }

    /// <summary>How long others are kept waiting for partitions that are free by one that waits for a partition that is not.</summary>
    public static TimeSpan Moment(PostgreSqlOptions options) =>
        options.LockTimeout < LongestMoment ? options.LockTimeout : LongestMoment;

    /// <summary>Whether an error says that somebody else kept a lock for too long.</summary>
    public static bool IsTaken(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    private static NpgsqlBatchCommand Command(string sql, int scope, PartitionSet partitions) => new(sql)
    {
        Parameters = { Number(scope), new NpgsqlParameter<int[]> { TypedValue = partitions.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer } },
    };

    private static NpgsqlParameter<int> Number(int value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    private async ValueTask RunAsync(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.RunAsync(cancellation);
    }

    // The other results are those of functions that return nothing.
    private static async ValueTask<PartitionSet> ReadAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        var found = PartitionSet.None;
        var reader = await batch.SelectAsync(cancellation);
        try
        {
            do
            {
                while (reader.GetName(0) == "partition" && await reader.NextAsync(cancellation))
                    found = found.With(reader.GetInt32(0));
            }
            while (await reader.NextResultAsync(cancellation));
        }
        finally
        {
            await reader.EndAsync();
        }

        return found;
    }
}
