using System.Globalization;
using Carillon.Relational;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.PostgreSql;

/// <summary>Messages on their way into a log, column by column, so that one statement inserts them all.</summary>
internal sealed class EnvelopeBatch(Log log)
{
    private const string Columns =
        "kind, version, priority, body, topic, destination, id, source, type, key, subject, time, expiry, content_type, correlation_id, causation_id, " +
        "trace_parent, trace_state, headers, defect_code, defect_detail";

    private const int Numbers = 4;
    private const int TextColumns = 17;
    private static readonly string IntoMessages = Insert(Log.Messages);
    private static readonly string IntoOutbox = Insert(Log.Outbox);
    private readonly List<long>[] _numbers = [.. Enumerable.Range(0, Numbers).Select(_ => new List<long>())];
    private readonly List<string?>[] _texts = [.. Enumerable.Range(0, TextColumns).Select(_ => new List<string?>())];
    private readonly List<byte[]> _bodies = [];

    public Log Log => log;

    public int Count => _bodies.Count;

    /// <summary>The partitions that it goes to.</summary>
    public PartitionSet Partitions { get; private set; }

    public void Add(in Envelope envelope, int partition)
    {
        Partitions = Partitions.With(partition);
        Add(_numbers, partition, (long)envelope.Kind, envelope.Version, (long)envelope.Priority);
        _bodies.Add(EnvelopeParameters.Bytes(envelope.Body));
        Add(_texts,
            envelope.Topic, envelope.Destination, EnvelopeParameters.Text(envelope.Id), envelope.Source, envelope.Type, envelope.Key, envelope.Subject,
            EnvelopeParameters.Text(envelope.Time), EnvelopeParameters.Text(envelope.ExpiryTime), envelope.ContentType,
            EnvelopeParameters.Text(envelope.CorrelationId), EnvelopeParameters.Text(envelope.CausationId), envelope.TraceParent, envelope.TraceState,
            HeaderJson.Write(envelope.Headers), envelope.Defect?.Code, envelope.Defect?.Detail);
    }

    /// <summary>The command that inserts them, in the order in which they were added.</summary>
    public NpgsqlBatchCommand ToCommand(SqlTexts texts)
    {
        var command = new NpgsqlBatchCommand(texts.Get(log == Log.Outbox ? IntoOutbox : IntoMessages).Text);
        foreach (var numbers in _numbers)
            command.Parameters.Add(Array(NpgsqlDbType.Bigint, numbers.ToArray()));
        command.Parameters.Add(Array(NpgsqlDbType.Bytea, _bodies.ToArray()));
        foreach (var column in _texts)
            command.Parameters.Add(Array(NpgsqlDbType.Text, column.ToArray()));
        return command;
    }

    private static string Insert(Log log)
    {
        var arrays = string.Join(", ", Enumerable.Range(1, Numbers + 1 + TextColumns).Select(number => string.Create(CultureInfo.InvariantCulture, $"${number}")));
        return $"""
            INSERT INTO {log.Table} (partition, recorded, {Columns})
            SELECT partition, {DatabaseTime.Now}, {Columns} FROM unnest({arrays}) WITH ORDINALITY AS message (partition, {Columns}, number)
            ORDER BY number
            """;
    }

    private static NpgsqlParameter Array(NpgsqlDbType type, object values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };

    private static void Add<T>(List<T>[] columns, params ReadOnlySpan<T> row)
    {
        for (var i = 0; i < columns.Length; i++)
            columns[i].Add(row[i]);
    }
}
