using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>Reads the log of a file in the order of positions, over all partitions: one writer gives positions, in the order of commits.</summary>
internal sealed class SequentialLogReader(OpenFile file, Log log, SubscriptionTopology subscription, OwnedPartitions owned, Settlements settlements)
    : LogReader(subscription, owned, settlements)
{
    private const int BatchMax = 500;
    private const int BatchBytesMax = 4 << 20;
    private const int ColumnsBefore = 2;
    private readonly string _head = file.Dialect.Head(log);
    private readonly string _select =
        $"""
        SELECT position, partition % {file.Partitions}, {EnvelopeColumns.Names} FROM {log.Table}
        WHERE position > @after AND position <= @upTo AND ((@partitions >> (partition % {file.Partitions})) & 1) AND {MessageFilter.Sql(file.Dialect, subscription)}
        ORDER BY position LIMIT @limit
        """;

    private PreparedConnection? _connection;

    public override ValueTask<bool> HasMoreAsync(CancellationToken cancellation) => ValueTask.FromResult(!Next().IsEmpty);

    public override async ValueTask<List<Delivery>> ReadAsync(int room, CancellationToken cancellation)
    {
        Batch.Clear();
        var range = Next();
        if (range.IsEmpty)
            return Batch;
        var limit = Math.Min(room, BatchMax);
        var (count, bytes, last) = (0, 0, range.UpTo);
        await using (var rows = await Connection().Prepare(_select)
            .Set("after", range.After).Set("upTo", range.UpTo).Set("partitions", range.Partitions).Set("limit", limit).ReadAsync(cancellation))
        {
            for (; bytes < BatchBytesMax && await rows.NextAsync(cancellation); count++)
            {
                last = rows.Number(0);
                bytes += Take(rows, (int)rows.Number(1), last, ColumnsBefore);
            }
        }

        Pass(range, count < limit && bytes < BatchBytesMax ? range.UpTo : last);
        return Batch;
    }

    public override ValueTask ResetAsync()
    {
        _connection?.Dispose();
        _connection = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>What to read next; empty when everything was read.</summary>
    private ReadRange Next() => ReadRange.Of(Owned.All, Connection().Prepare(_head).Set("partition", 0).Number() ?? 0);

    private void Pass(ReadRange range, long position)
    {
        foreach (var partition in Owned.All)
        {
            if (range.Contains(partition.Partition))
                partition.Pass(position);
        }
    }

    private PreparedConnection Connection() => _connection ??= new PreparedConnection(file.OpenConnection());
}
