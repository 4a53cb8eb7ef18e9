using System.Data;
using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>
/// Up to where the log is settled over all partitions. Within one, positions are committed in order; over several, a lower one may be committed
/// later. So whoever reads all of them waits, for a moment, until nobody is between an append and its commit.
/// </summary>
internal sealed class SettledHistory(OpenDatabase database)
{
    // Whoever holds a partition for longer is in trouble; the history then stands still rather than leave something out.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    private const string Last = "SELECT max(position) FROM carillon_messages WHERE position > @after";
    private const string Barrier = "SELECT pg_advisory_xact_lock_shared(@lock, partition) FROM generate_series(0, @last) AS partition";
    private long _settled;

    public async ValueTask<long> FindAsync(CancellationToken cancellation)
    {
        var known = Volatile.Read(ref _settled);
        try
        {
            return await WaitAsync(known, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return known;
        }
    }

    private async Task<long> WaitAsync(long known, CancellationToken cancellation)
    {
        await using var connection = await database.Connections.OpenReservedAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        using var session = new PostgreSqlSession(connection, database.Texts);
        if (await session.Prepare(Last).Set("after", known).NumberAsync(cancellation) is null)
            return known;
        await using (var barrier = new NpgsqlCommand($"{TransactionLimits.LockTimeout(LongestWait)}; {Barrier}", connection))
        {
            barrier.Parameters.AddWithValue("lock", NpgsqlDbType.Integer, AdvisoryLocks.Partitions(database.Texts.Schema, Log.Messages.Table));
            barrier.Parameters.AddWithValue("last", NpgsqlDbType.Integer, database.Partitions - 1);
            await barrier.ExecuteNonQueryAsync(cancellation);
        }

        var settled = await session.Prepare(Last).Set("after", known).NumberAsync(cancellation) ?? known;
        await transaction.RollbackAsync(cancellation);
        Raise(settled);
        return settled;
    }

    private void Raise(long settled)
    {
        for (var known = Volatile.Read(ref _settled); known < settled;)
            known = Interlocked.CompareExchange(ref _settled, settled, known);
    }
}
