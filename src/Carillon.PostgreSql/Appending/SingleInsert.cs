using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>
/// Inserts one message. What few messages have is named only where there is some: each parameter is made, sent and bound, and on the connection of a context the server plans the
/// statement each time.
/// </summary>
internal static class SingleInsert
{
    private static readonly string[] _statements =
    [
        Insert(Log.Messages, hasRare: false), Insert(Log.Messages, hasRare: true), Insert(Log.Outbox, hasRare: false), Insert(Log.Outbox, hasRare: true),
    ];

    /// <summary>Makes the command.</summary>
    public static NpgsqlBatchCommand Create(SqlTexts texts, Log log, in MessageColumns.Row row)
    {
        var hasRare = MessageColumns.HasRare(row.Envelope);
        var command = new NpgsqlBatchCommand(texts.Get(_statements[(log == Log.Outbox ? 2 : 0) + (hasRare ? 1 : 0)]).Text);
        foreach (var number in MessageColumns.Numbers)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number.Of(row), NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = MessageColumns.Body.Of(row), NpgsqlDbType = NpgsqlDbType.Bytea });
        foreach (var text in MessageColumns.Texts)
            command.Parameters.Add(Text(text.Of(row)));
        foreach (var text in hasRare ? MessageColumns.RareTexts : [])
            command.Parameters.Add(Text(text.Of(row)));
        return command;
    }

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static string Insert(Log log, bool hasRare) =>
        $"INSERT INTO {log.Table} (recorded, {MessageColumns.Names(hasRare)}) VALUES ({DatabaseTime.Now}, {MessageColumns.Parameters(hasRare)})";
}
