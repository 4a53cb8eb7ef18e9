using Carillon.Relational;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>
/// Up to where the log is settled over all partitions. Within one, positions are committed in order; over several, a lower one may be committed
/// later. So whoever reads all of them waits, for a moment, until those have ended who were between an append and its commit. It looks at their locks and takes none:
/// nobody waits for a reader.
/// </summary>
internal sealed class SettledHistory(OpenDatabase database)
{
    // Whoever holds a partition for longer is in trouble; the history then ends before what that may commit rather than leave something out.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);
    private const string Last = "SELECT max(position) FROM carillon_messages WHERE position > @after";

    // The server shows the numbers of locks without a sign.
    private const string Appending =
        """
        SELECT virtualtransaction, objid::bigint FROM pg_locks
        WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND classid = @lock::bigint::oid AND objsubid = 2 AND mode = 'ExclusiveLock' AND granted
        """;

    // What a transaction appends to a partition that it has locked comes behind all that is there.
    private const string Before =
        """
        SELECT min(coalesce((SELECT max(position) FROM carillon_messages WHERE partition = locked.partition), 0))
        FROM unnest(@partitions) AS locked (partition)
        """;

    private readonly long _lock = (uint)AdvisoryLocks.Partitions(database.Texts.Schema, Log.Messages.Table);
    private long _settled;

    public async ValueTask<long> FindAsync(CancellationToken cancellation)
    {
        var known = Volatile.Read(ref _settled);
        var last = await database.ReadAsync(known, static (session, after) => session.Prepare(Last).Set("after", after).NumberAsync(), cancellation);
        if (last is null)
            return known;
        // Whoever begins to append after that gets a higher position.
        var appending = await WaitAsync(await FindAppendingAsync(cancellation), cancellation);
        return Raise(appending.Count == 0 ? last.Value : Math.Min(last.Value, await FindBeforeAsync(appending, cancellation)));
    }

    /// <summary>Waits until transactions have ended, but not for long.</summary>
    /// <returns>Those that have not.</returns>
    private async ValueTask<List<PartitionLock>> WaitAsync(List<PartitionLock> appending, CancellationToken cancellation)
    {
        var began = database.Time.GetTimestamp();
        for (var pause = FirstPause; appending.Count > 0 && database.Time.GetElapsedTime(began) < LongestWait; pause *= 2)
        {
            await Task.Delay(pause < LongestPause ? pause : LongestPause, database.Time, cancellation);
            appending = [.. appending.Intersect(await FindAppendingAsync(cancellation))];
        }

        return appending;
    }

    private ValueTask<List<PartitionLock>> FindAppendingAsync(CancellationToken cancellation) => database.ReadAsync(_lock, ReadAppendingAsync, cancellation);

    private static async ValueTask<List<PartitionLock>> ReadAppendingAsync(Session session, long number)
    {
        var appending = new List<PartitionLock>();
        await using var rows = await session.Prepare(Appending).Set("lock", number).ReadAsync();
        while (await rows.NextAsync())
            appending.Add(new PartitionLock(rows.Text(0), rows.Number(1)));
        return appending;
    }

    private async ValueTask<long> FindBeforeAsync(List<PartitionLock> appending, CancellationToken cancellation) => await database.ReadAsync(
        appending.Select(static held => held.Partition).ToArray(),
        static (session, partitions) => ((PostgreSqlStatement)session.Prepare(Before)).SetArray("partitions", partitions, NpgsqlDbType.Bigint).NumberAsync(),
        cancellation) ?? 0;

    private long Raise(long settled)
    {
        for (var known = Volatile.Read(ref _settled); ; known = Volatile.Read(ref _settled))
        {
            if (known >= settled || Interlocked.CompareExchange(ref _settled, settled, known) == known)
                return Math.Max(known, settled);
        }
    }

    private readonly record struct PartitionLock(string Transaction, long Partition);
}
