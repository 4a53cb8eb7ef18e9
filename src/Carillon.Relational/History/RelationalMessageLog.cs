using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>The history of a database.</summary>
internal sealed class RelationalMessageLog(IDatabaseSource databases) : IMessageLog
{
    private const int ColumnsBefore = 2;
    private const int LimitMax = 1000;

    public async ValueTask<IReadOnlyList<LoggedMessage>> ReadAsync(LogQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LimitMax, nameof(query));
        cancellation.ThrowIfCancellationRequested();
        // Nothing is stored under such a name, and PostgreSQL would refuse the question.
        if (!StorableText.IsStorable(query.Type) || !StorableText.IsStorable(query.Key) || !StorableText.IsStorable(query.CorrelationId.ToString()))
            return [];
        var database = await databases.OpenAsync(cancellation);
        var settled = await database.FindSettledAsync(cancellation);
        return await database.ReadAsync((query, settled), static (session, page) => ReadAsync(session, page.query, page.settled), cancellation);
    }

    private static async ValueTask<IReadOnlyList<LoggedMessage>> ReadAsync(Session session, LogQuery query, long settled)
    {
        var page = new List<LoggedMessage>();
        var envelopes = new EnvelopeReader();
        await using var rows = await HistorySql.Set(session.Prepare(HistorySql.Page(query)), query, settled).ReadAsync();
        while (await rows.NextAsync())
            page.Add(new LoggedMessage(rows.Number(0), Recorded(rows), envelopes.Read(rows, ColumnsBefore)));
        return page;
    }

    private static DateTimeOffset Recorded(Rows row) => row.KindOf(1) == ColumnKind.Number ? StoredTime.To(row.Number(1)) : default;
}
