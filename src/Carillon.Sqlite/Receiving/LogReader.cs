using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>Reads a subscription's messages out of the log, in the order of positions.</summary>
internal sealed class LogReader(OpenFile file, SubscriptionTopology subscription, OwnedPartitions owned, Settlements settlements) : IDisposable
{
    private const int BatchMax = 500;
    private const int BatchBytesMax = 4 << 20;
    private const int ColumnsBefore = 2;
    private readonly EnvelopeReader _envelopes = new();
    private readonly List<Delivery> _batch = [];
    private readonly string _select =
        $"""
        SELECT position, partition % {file.Partitions}, {EnvelopeColumns.Names} FROM carillon_messages
        WHERE position > @after AND position <= @upTo AND ((@partitions >> (partition % {file.Partitions})) & 1) AND {MessageFilter.Sql(subscription)}
        ORDER BY position LIMIT @limit
        """;

    private PreparedConnection? _connection;

    /// <summary>What to read next; empty when everything was read.</summary>
    public ReadRange Next()
    {
        var head = Connection().Prepare(TopologySql.Head).Number() ?? 0;
        return ReadRange.Of(owned.All, head);
    }

    /// <summary>Reads at most as many messages as there is room for. The list is valid until the next call.</summary>
    /// <param name="range">What to read.</param>
    /// <param name="room">The most messages.</param>
    public List<Delivery> Read(ReadRange range, int room)
    {
        _batch.Clear();
        var limit = Math.Min(room, BatchMax);
        var (rows, bytes, last) = (0, 0, range.UpTo);
        using (var reader = Connection().Prepare(_select)
            .Set("after", range.After).Set("upTo", range.UpTo).Set("partitions", range.Partitions).Set("limit", limit).Read())
        {
            for (; bytes < BatchBytesMax && reader.Read(); rows++)
            {
                last = reader.GetInt64(0);
                bytes += Take(last, reader);
            }
        }

        Pass(range, rows < limit && bytes < BatchBytesMax ? range.UpTo : last);
        return _batch;
    }

    /// <summary>Forgets the connection after a failure.</summary>
    public void Reset()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void Dispose() => Reset();

    private int Take(long position, Microsoft.Data.Sqlite.SqliteDataReader reader)
    {
        if (owned.Find(reader.GetInt32(1)) is not { } partition)
            return 0;
        var envelope = _envelopes.Read(reader, ColumnsBefore);
        if (subscription.Accepts(envelope) && partition.Take(position, out var earlierDeliveries))
            _batch.Add(settlements.Rent().Fill(partition, position, earlierDeliveries, envelope));
        return envelope.Body.Length;
    }

    private void Pass(ReadRange range, long position)
    {
        foreach (var partition in owned.All)
        {
            if (range.Contains(partition.Partition))
                partition.Pass(position);
        }
    }

    private PreparedConnection Connection() => _connection ??= new PreparedConnection(file.OpenConnection());
}
