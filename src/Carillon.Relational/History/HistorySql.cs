using System.Text;
using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>The statement that reads a page of the history: only the conditions that were asked for.</summary>
internal static class HistorySql
{
    public static string Page(LogQuery query)
    {
        var sql = new StringBuilder($"SELECT position, recorded, {EnvelopeColumns.Names} FROM carillon_messages WHERE position > @after AND position <= @upTo");
        if (query.Type is not null)
            sql.Append(" AND type = @type");
        if (query.Key is not null)
            sql.Append(" AND key = @key");
        if (!query.CorrelationId.IsEmpty)
            sql.Append(" AND correlation_id = @correlation");
        if (query.Since is not null)
            sql.Append(" AND recorded >= @since");
        return sql.Append(" ORDER BY position LIMIT @limit").ToString();
    }

    public static Statement Set(Statement statement, LogQuery query, long upTo)
    {
        statement.Set("after", query.After).Set("limit", query.Limit).Set("upTo", upTo);
        if (query.Type is not null)
            statement.Set("type", query.Type);
        if (query.Key is not null)
            statement.Set("key", query.Key);
        if (!query.CorrelationId.IsEmpty)
            statement.Set("correlation", query.CorrelationId.ToString());
        if (query.Since is { } since)
            statement.Set("since", StoredTime.From(since));
        return statement;
    }
}
