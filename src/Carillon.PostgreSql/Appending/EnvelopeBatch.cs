using System.Globalization;
using System.Runtime.InteropServices;
using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>Messages on their way into a log: one statement inserts them all, column by column where there are several.</summary>
internal sealed class EnvelopeBatch(Log log)
{
    private const string Columns =
        "kind, version, priority, body, topic, destination, id, source, type, key, subject, time, expiry, content_type, correlation_id, causation_id, " +
        "trace_parent, trace_state, headers, defect_code, defect_detail";

    // In the order of the columns, the partition first.
    private static readonly ValueOf<long>[] _numbers =
    [
        static (in Row row) => row.Partition, static (in Row row) => (long)row.Envelope.Kind, static (in Row row) => row.Envelope.Version,
        static (in Row row) => (long)row.Envelope.Priority,
    ];

    private static readonly ValueOf<byte[]> _body = static (in Row row) => EnvelopeParameters.Bytes(row.Envelope.Body);

    private static readonly ValueOf<string?>[] _texts =
    [
        static (in Row row) => row.Envelope.Topic, static (in Row row) => row.Envelope.Destination, static (in Row row) => EnvelopeParameters.Text(row.Envelope.Id),
        static (in Row row) => row.Envelope.Source, static (in Row row) => row.Envelope.Type, static (in Row row) => row.Envelope.Key,
        static (in Row row) => row.Envelope.Subject, static (in Row row) => EnvelopeParameters.Text(row.Envelope.Time),
        static (in Row row) => EnvelopeParameters.Text(row.Envelope.ExpiryTime), static (in Row row) => row.Envelope.ContentType,
        static (in Row row) => EnvelopeParameters.Text(row.Envelope.CorrelationId), static (in Row row) => EnvelopeParameters.Text(row.Envelope.CausationId),
        static (in Row row) => row.Envelope.TraceParent, static (in Row row) => row.Envelope.TraceState,
        static (in Row row) => HeaderJson.Write(row.Envelope.Headers), static (in Row row) => row.Envelope.Defect?.Code,
        static (in Row row) => row.Envelope.Defect?.Detail,
    ];

    private static readonly int _parameters = _numbers.Length + 1 + _texts.Length;
    private static readonly string _oneIntoMessages = InsertOne(Log.Messages);
    private static readonly string _oneIntoOutbox = InsertOne(Log.Outbox);
    private static readonly string _intoMessages = Insert(Log.Messages);
    private static readonly string _intoOutbox = Insert(Log.Outbox);
    private readonly List<Row> _rows = [];

    private delegate TValue ValueOf<out TValue>(in Row row);

    public Log Log => log;

    public int Count => _rows.Count;

    /// <summary>The partitions that it goes to.</summary>
    public PartitionSet Partitions { get; private set; }

    public void Add(in Envelope envelope, int partition)
    {
        Partitions = Partitions.With(partition);
        _rows.Add(new Row(partition, envelope));
    }

    /// <summary>The command that inserts them, in the order in which they were added.</summary>
    public NpgsqlBatchCommand ToCommand(SqlTexts texts) => Count == 1 ? ToSingleCommand(texts) : ToArrayCommand(texts);

    private NpgsqlBatchCommand ToSingleCommand(SqlTexts texts)
    {
        var command = new NpgsqlBatchCommand(texts.Get(log == Log.Outbox ? _oneIntoOutbox : _oneIntoMessages).Text);
        ref readonly var row = ref CollectionsMarshal.AsSpan(_rows)[0];
        foreach (var number in _numbers)
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number(row), NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = _body(row), NpgsqlDbType = NpgsqlDbType.Bytea });
        foreach (var text in _texts)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = text(row), NpgsqlDbType = NpgsqlDbType.Text });
        return command;
    }

    private NpgsqlBatchCommand ToArrayCommand(SqlTexts texts)
    {
        var command = new NpgsqlBatchCommand(texts.Get(log == Log.Outbox ? _intoOutbox : _intoMessages).Text);
        foreach (var number in _numbers)
            command.Parameters.Add(Column(NpgsqlDbType.Bigint, number));
        command.Parameters.Add(Column(NpgsqlDbType.Bytea, _body));
        foreach (var text in _texts)
            command.Parameters.Add(Column(NpgsqlDbType.Text, text));
        return command;
    }

    private NpgsqlParameter<TValue[]> Column<TValue>(NpgsqlDbType type, ValueOf<TValue> value)
    {
        var rows = CollectionsMarshal.AsSpan(_rows);
        var values = new TValue[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            values[i] = value(rows[i]);
        return new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    private static string InsertOne(Log log) =>
        $"INSERT INTO {log.Table} (partition, recorded, {Columns}) VALUES ($1, {DatabaseTime.Now}, {Numbered(from: 2)})";

    private static string Insert(Log log) =>
        $"""
        INSERT INTO {log.Table} (partition, recorded, {Columns})
        SELECT partition, {DatabaseTime.Now}, {Columns} FROM unnest({Numbered(from: 1)}) WITH ORDINALITY AS message (partition, {Columns}, number)
        ORDER BY number
        """;

    private static string Numbered(int from) =>
        string.Join(", ", Enumerable.Range(from, _parameters - from + 1).Select(static number => string.Create(CultureInfo.InvariantCulture, $"${number}")));

    private readonly record struct Row(int Partition, Envelope Envelope);
}
