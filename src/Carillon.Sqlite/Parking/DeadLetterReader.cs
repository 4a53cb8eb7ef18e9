using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite;

/// <summary>Reads dead letters for people.</summary>
internal static class DeadLetterReader
{
    private const int LimitMax = 1000;

    public static IReadOnlyList<DeadLetter> Page(PreparedConnection connection, DeadLetterQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LimitMax, nameof(query));
        using var rows = DeadLetterSql.Set(connection.Prepare(DeadLetterSql.Page(query)), query).Read();
        return [.. All(rows)];
    }

    public static DeadLetter? Find(PreparedConnection connection, long id)
    {
        using var rows = connection.Prepare(DeadLetterSql.Find).Set("parked", id).Read();
        return All(rows).FirstOrDefault();
    }

    private static IEnumerable<DeadLetter> All(SqliteDataReader rows)
    {
        var envelopes = new EnvelopeReader();
        while (rows.Read())
        {
            var message = ParkedRow.Read(rows, envelopes);
            yield return new DeadLetter(
                message.Id, message.Subscription, message.Envelope, message.Code ?? ErrorCodes.HandlerFailed, message.Reason ?? "",
                message.Attempts, message.ParkedAt, rows.GetInt32(rows.FieldCount - 1));
        }
    }
}
