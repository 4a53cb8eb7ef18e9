using Carillon.Relational;
using Carillon.Transports;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>
/// Reads a log partition by partition: within one, the order of positions is that of commits, so nothing that commits later is passed,
/// however long other transactions stay open.
/// </summary>
internal sealed class PartitionedLogReader(OpenDatabase database, Log log, StoredTopics topics, SubscriptionRoster roster, OwnedPartitions owned, Settlements settlements)
    : LogReader(topics, roster, owned, settlements)
{
    private const int BatchMax = 500;
    private const int BatchBytesMax = 4 << 20;
    private const int ColumnsBefore = 2;

    // The driver cancels by asking the server for it, on the canceller's thread: where the server does not answer, that takes longer than the read.
    private static readonly CancellationToken Uncancelled = CancellationToken.None;

    // Positions that concern nobody here are walked in steps, so that no statement takes long.
    private const long LengthMax = 50_000;

    // Together, so that whatever was published up to those ends is read with every topic that was declared before.
    private readonly string _heads =
        $"""
        SELECT place.partition, (SELECT max(position) FROM {log.Table} WHERE partition = place.partition), {DeclarationSql.Versions}
        FROM unnest(@partitions) AS place (partition)
        """;

    private readonly string _selectLeft =
        $"""
        SELECT position, partition, {EnvelopeColumns.Names} FROM unnest(@partitions, @positions) AS place (in_partition, at)
        JOIN {log.Table} ON partition = place.in_partition AND position = place.at ORDER BY partition, position
        """;

    private string _select = "";
    private readonly Dictionary<long, long> _known = [];
    private readonly Dictionary<int, (int Count, long Last)> _read = [];
    private int _turn;

    protected override async ValueTask<bool> HasUnreadAsync(CancellationToken cancellation)
    {
        long[] partitions = [.. Owned.All.Where(partition => partition.Progress.TryGetRead(out _)).Select(partition => (long)partition.Partition)];
        if (partitions.Length == 0)
            return false;
        await using var connection = await database.Connections.OpenReservedAsync(cancellation);
        using var session = new PostgreSqlSession(connection, database.Texts);
        var version = 0L;
        await using (var rows = await session.Prepare(_heads).SetArray("partitions", partitions, NpgsqlDbType.Bigint).Set("subscription", Topics.Number).ReadAsync(Uncancelled))
        {
            while (await rows.NextAsync(Uncancelled))
                (_known[rows.Number(0)], version, Generation) = (rows.NumberOrZero(1), rows.NumberOrZero(2), rows.NumberOrZero(3));
        }

        database.Reachability.Succeeded();
        if (await Topics.FollowAsync(session, version))
            _select = Select();
        return Ranges().Count > 0;
    }

    protected override async ValueTask FetchLeftAsync(IReadOnlyCollection<(int Partition, long Position)> places, CancellationToken cancellation)
    {
        await using var connection = await database.Connections.OpenReservedAsync(cancellation);
        using var session = new PostgreSqlSession(connection, database.Texts);
        await using var rows = await session.Prepare(_selectLeft)
            .SetArray("partitions", places.Select(static place => (long)place.Partition).ToArray(), NpgsqlDbType.Bigint)
            .SetArray("positions", places.Select(static place => place.Position).ToArray(), NpgsqlDbType.Bigint).ReadAsync(Uncancelled);
        while (await rows.NextAsync(Uncancelled))
            TakeLeft(rows, (int)rows.Number(1), rows.Number(0), ColumnsBefore);
    }

    protected override async ValueTask FetchAsync(int room, CancellationToken cancellation)
    {
        var ranges = Ranges();
        if (ranges.Count == 0)
            return;
        var budget = Math.Min(room, BatchMax);
        ranges = Choose(ranges, budget);
        var limit = budget / ranges.Count;
        var isComplete = await FetchRangesAsync(ranges, limit, cancellation);
        Pass(ranges, limit, isComplete);
    }

    public override ValueTask ResetAsync()
    {
        _known.Clear();
        return ValueTask.CompletedTask;
    }

    private List<PartitionRange> Ranges()
    {
        var ranges = new List<PartitionRange>();
        foreach (var partition in Owned.All)
        {
            if (partition.Progress.TryGetRead(out var read) && _known.GetValueOrDefault(partition.Partition) is var head && head > read)
                ranges.Add(new PartitionRange(partition, read, Math.Min(head, read + LengthMax)));
        }

        return ranges;
    }

    /// <summary>With less room than partitions, they take turns.</summary>
    private List<PartitionRange> Choose(List<PartitionRange> ranges, int budget)
    {
        if (ranges.Count <= budget)
            return ranges;
        var first = _turn++ % ranges.Count;
        return [.. Enumerable.Range(first, budget).Select(index => ranges[index % ranges.Count])];
    }

    /// <returns>Whether all was taken that was asked for.</returns>
    private async ValueTask<bool> FetchRangesAsync(List<PartitionRange> ranges, int limit, CancellationToken cancellation)
    {
        _read.Clear();
        var bytes = 0;
        await using var connection = await database.Connections.OpenReservedAsync(cancellation);
        using var session = new PostgreSqlSession(connection, database.Texts);
        await using var rows = await session.Prepare(_select)
            .SetArray("partitions", ranges.Select(range => (long)range.Partition.Partition).ToArray(), NpgsqlDbType.Bigint)
            .SetArray("after", ranges.Select(range => range.After).ToArray(), NpgsqlDbType.Bigint)
            .SetArray("upTo", ranges.Select(range => range.UpTo).ToArray(), NpgsqlDbType.Bigint)
            .Set("limit", limit).ReadAsync(Uncancelled);
        while (await rows.NextAsync(Uncancelled))
        {
            if (bytes >= BatchBytesMax)
                return false;
            var (position, partition) = (rows.Number(0), (int)rows.Number(1));
            bytes += Take(rows, partition, position, ColumnsBefore);
            _read[partition] = (_read.GetValueOrDefault(partition).Count + 1, position);
        }

        return true;
    }

    private string Select() =>
        $"""
        SELECT message.* FROM unnest(@partitions, @after, @upTo) AS place (partition, after, up_to)
        CROSS JOIN LATERAL (
            SELECT position, partition, {EnvelopeColumns.Names} FROM {log.Table}
            WHERE partition = place.partition AND position > place.after AND position <= place.up_to AND {MessageFilter.Sql(PostgreSqlDialect.Instance, Topics.Current)}
            ORDER BY position LIMIT @limit) message
        """;

    private void Pass(List<PartitionRange> ranges, int limit, bool isComplete)
    {
        foreach (var (partition, _, upTo) in ranges)
        {
            var (count, last) = _read.GetValueOrDefault(partition.Partition);
            if (isComplete && count < limit)
                partition.Progress.Pass(upTo);
            else if (count > 0)
                partition.Progress.Pass(last);
        }
    }
}
