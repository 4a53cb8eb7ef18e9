using System.Globalization;
using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>Reads the log of a file in the order of positions, over all partitions: one writer gives positions, in the order of commits.</summary>
internal sealed class SequentialLogReader(OpenFile file, Log log, StoredTopics topics, SubscriptionRoster roster, OwnedPartitions owned, Settlements settlements)
    : LogReader(topics, roster, owned, settlements)
{
    private const int BatchMax = 500;
    private const int BatchBytesMax = 4 << 20;
    private const int ColumnsBefore = 2;
    // Together, so that whatever was published up to that end is read with every topic that was declared before.
    private readonly string _head = $"SELECT ({file.Dialect.Head(log)}), {DeclarationSql.Versions}";
    private readonly string _selectLeft =
        $"""
        SELECT position, partition % {file.Partitions}, {EnvelopeColumns.Names} FROM {log.Table}
        WHERE position IN (SELECT value FROM json_each(@positions)) ORDER BY position
        """;

    private string _select = "";
    private PreparedConnection? _connection;

    protected override async ValueTask<bool> HasUnreadAsync(CancellationToken cancellation) => !(await NextAsync()).IsEmpty;

    protected override async ValueTask FetchLeftAsync(IReadOnlyCollection<(int Partition, long Position)> places, CancellationToken cancellation)
    {
        var positions = $"[{string.Join(',', places.Select(static place => place.Position.ToString(CultureInfo.InvariantCulture)))}]";
        await using var rows = await Connection().Prepare(_selectLeft).Set("positions", positions).ReadAsync(cancellation);
        while (await rows.NextAsync(cancellation))
            TakeLeft(rows, (int)rows.Number(1), rows.Number(0), ColumnsBefore);
    }

    protected override async ValueTask FetchAsync(int room, CancellationToken cancellation)
    {
        var range = await NextAsync();
        if (range.IsEmpty)
            return;
        // What is left behind takes no room.
        var most = Batch.Count + Math.Min(room, BatchMax);
        var (count, bytes, last) = (0, 0, range.UpTo);
        await using (var rows = await Connection().Prepare(_select)
            .Set("after", range.After).Set("upTo", range.UpTo).Set("partitions", range.Partitions).Set("limit", BatchMax).ReadAsync(cancellation))
        {
            for (; bytes < BatchBytesMax && Batch.Count < most && await rows.NextAsync(cancellation); count++)
            {
                last = rows.Number(0);
                bytes += Take(rows, (int)rows.Number(1), last, ColumnsBefore);
            }
        }

        Pass(range, count < BatchMax && bytes < BatchBytesMax && Batch.Count < most ? range.UpTo : last);
    }

    public override ValueTask ResetAsync()
    {
        _connection?.Dispose();
        _connection = null;
        return ValueTask.CompletedTask;
    }

    /// <summary>What to read next; empty when everything was read.</summary>
    private async ValueTask<ReadRange> NextAsync()
    {
        long head, version;
        await using (var row = await Connection().Prepare(_head).Set("partition", 0).Set("subscription", Topics.Number).ReadAsync())
        {
            await row.NextAsync();
            (head, version, Generation) = (row.NumberOrZero(0), row.NumberOrZero(1), row.NumberOrZero(2));
        }

        if (await Topics.FollowAsync(Connection(), version))
            _select = Select();
        return ReadRange.Of(Owned.All, head);
    }

    private string Select() =>
        $"""
        SELECT position, partition % {file.Partitions}, {EnvelopeColumns.Names} FROM {log.Table}
        WHERE position > @after AND position <= @upTo AND ((@partitions >> (partition % {file.Partitions})) & 1) AND {MessageFilter.Sql(file.Dialect, Topics.Current)}
        ORDER BY position LIMIT @limit
        """;

    private void Pass(ReadRange range, long position)
    {
        foreach (var partition in Owned.All)
        {
            if (range.Contains(partition.Partition))
                partition.Progress.Pass(position);
        }
    }

    private PreparedConnection Connection() => _connection ??= new PreparedConnection(file.OpenConnection());
}
