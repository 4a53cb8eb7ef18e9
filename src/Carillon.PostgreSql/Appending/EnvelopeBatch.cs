using System.Runtime.InteropServices;
using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>Messages on their way into a log: one statement inserts them all, column by column where there are several.</summary>
internal sealed class EnvelopeBatch(Log log)
{
    private static readonly string _intoMessages = Insert(Log.Messages);
    private static readonly string _intoOutbox = Insert(Log.Outbox);
    private readonly List<MessageColumns.Row> _rows = [];

    public Log Log => log;

    public int Count => _rows.Count;

    /// <summary>The partitions that it goes to.</summary>
    public PartitionSet Partitions { get; private set; }

    public void Add(in Envelope envelope, int partition)
    {
        Partitions = Partitions.With(partition);
        _rows.Add(new(partition, envelope));
    }

    /// <summary>The command that inserts them, in the order in which they were added.</summary>
    public NpgsqlBatchCommand ToCommand(SqlTexts texts) => Count == 1 ? SingleInsert.Create(texts, log, CollectionsMarshal.AsSpan(_rows)[0]) : ToArrayCommand(texts);

    private NpgsqlBatchCommand ToArrayCommand(SqlTexts texts)
    {
        var command = new NpgsqlBatchCommand(texts.Get(log == Log.Outbox ? _intoOutbox : _intoMessages).Text);
        foreach (var number in MessageColumns.Numbers)
            command.Parameters.Add(Column(NpgsqlDbType.Bigint, number));
        command.Parameters.Add(Column(NpgsqlDbType.Bytea, MessageColumns.Body));
        foreach (var text in MessageColumns.Texts)
            command.Parameters.Add(Column(NpgsqlDbType.Text, text));
        foreach (var text in MessageColumns.RareTexts)
            command.Parameters.Add(Column(NpgsqlDbType.Text, text));
        return command;
    }

    private NpgsqlParameter<TValue[]> Column<TValue>(NpgsqlDbType type, MessageColumns.Column<TValue> column)
    {
        var rows = CollectionsMarshal.AsSpan(_rows);
        var values = new TValue[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            values[i] = column.Of(rows[i]);
        return new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    private static string Insert(Log log)
    {
        var names = MessageColumns.Names(hasRare: true);
        return $"""
            INSERT INTO {log.Table} (recorded, {names})
            SELECT {DatabaseTime.Now}, {names} FROM unnest({MessageColumns.Parameters(hasRare: true)}) WITH ORDINALITY AS message ({names}, number)
            ORDER BY number
            """;
    }
}
