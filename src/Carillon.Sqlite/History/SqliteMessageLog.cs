using Carillon.Transports;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite;

/// <summary>The history of a file.</summary>
internal sealed class SqliteMessageLog(SqliteFile file) : IMessageLog
{
    private const int ColumnsBefore = 2;
    private const int LimitMax = 1000;

    public async ValueTask<IReadOnlyList<LoggedMessage>> ReadAsync(LogQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LimitMax, nameof(query));
        cancellation.ThrowIfCancellationRequested();
        var open = await file.OpenAsync(cancellation);
        return open.Reads.Read(query, static (connection, query) => Read(connection, query));
    }

    private static List<LoggedMessage> Read(PreparedConnection connection, LogQuery query)
    {
        var page = new List<LoggedMessage>();
        var envelopes = new EnvelopeReader();
        using var rows = HistorySql.Set(connection.Prepare(HistorySql.Page(query)), query).Read();
        while (rows.Read())
            page.Add(new LoggedMessage(rows.GetInt64(0), Recorded(rows), envelopes.Read(rows, ColumnsBefore)));
        return page;
    }

    private static DateTimeOffset Recorded(SqliteDataReader row) => row.GetValue(1) is long stored ? StoredTime.To(stored) : default;
}
