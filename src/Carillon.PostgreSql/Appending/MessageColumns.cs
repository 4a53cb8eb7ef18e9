using System.Globalization;
using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>The columns of a message in a log, in the order in which statements name them, and where their values come from.</summary>
internal static class MessageColumns
{
    /// <summary>The first columns, of numbers.</summary>
    public static readonly Column<long>[] Numbers =
    [
        new("partition", static (in Row row) => row.Partition), new("kind", static (in Row row) => (long)row.Envelope.Kind),
        new("version", static (in Row row) => row.Envelope.Version), new("priority", static (in Row row) => (long)row.Envelope.Priority),
    ];

    /// <summary>The body, which comes next.</summary>
    public static readonly Column<byte[]> Body = new("body", static (in Row row) => EnvelopeParameters.Bytes(row.Envelope.Body));

    /// <summary>The texts that most messages have.</summary>
    public static readonly Column<string?>[] Texts =
    [
        new("topic", static (in Row row) => row.Envelope.Topic), new("id", static (in Row row) => EnvelopeParameters.Text(row.Envelope.Id)),
        new("source", static (in Row row) => row.Envelope.Source), new("type", static (in Row row) => row.Envelope.Type),
        new("key", static (in Row row) => row.Envelope.Key), new("time", static (in Row row) => EnvelopeParameters.Text(row.Envelope.Time)),
        new("content_type", static (in Row row) => row.Envelope.ContentType), new("correlation_id", static (in Row row) => EnvelopeParameters.Text(row.Envelope.CorrelationId)),
        new("causation_id", static (in Row row) => EnvelopeParameters.Text(row.Envelope.CausationId)), new("trace_parent", static (in Row row) => row.Envelope.TraceParent),
    ];

    /// <summary>The texts that few messages have.</summary>
    public static readonly Column<string?>[] RareTexts =
    [
        new("destination", static (in Row row) => row.Envelope.Destination), new("subject", static (in Row row) => row.Envelope.Subject),
        new("expiry", static (in Row row) => EnvelopeParameters.Text(row.Envelope.ExpiryTime)), new("trace_state", static (in Row row) => row.Envelope.TraceState),
        new("headers", static (in Row row) => HeaderJson.Write(row.Envelope.Headers)), new("defect_code", static (in Row row) => row.Envelope.Defect?.Code),
        new("defect_detail", static (in Row row) => row.Envelope.Defect?.Detail),
    ];

    private static readonly string _common = string.Join(", ", [.. Numbers.Select(static each => each.Name), Body.Name, .. Texts.Select(static each => each.Name)]);

    /// <summary>Where a value comes from.</summary>
    public delegate TValue ValueOf<out TValue>(in Row row);

    /// <summary>The names, with commas between them.</summary>
    /// <param name="hasRare">Whether the rare texts are among them.</param>
    public static string Names(bool hasRare) => hasRare ? $"{_common}, {string.Join(", ", RareTexts.Select(static each => each.Name))}" : _common;

    /// <summary>Numbers of parameters for all of them, with commas between them.</summary>
    /// <param name="hasRare">Whether the rare texts are among them.</param>
    public static string Parameters(bool hasRare) => string.Join(", ",
        Enumerable.Range(1, Numbers.Length + 1 + Texts.Length + (hasRare ? RareTexts.Length : 0)).Select(static number => string.Create(CultureInfo.InvariantCulture, $"${number}")));

    /// <summary>Whether a message has one of the rare texts.</summary>
    public static bool HasRare(in Envelope message) =>
        message.Destination is not null || message.Subject is not null || message.ExpiryTime is not null || message.TraceState is not null
        || message.Headers is not null || message.Defect is not null;

    /// <summary>A column.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Of">Where its value comes from.</param>
    public sealed record Column<TValue>(string Name, ValueOf<TValue> Of);

    /// <summary>A message on its way into a partition.</summary>
    public readonly record struct Row(int Partition, Envelope Envelope);
}
