using System.Globalization;
using System.Runtime.InteropServices;

namespace Carillon.Relational;

/// <summary>Puts an envelope into the parameters of a statement.</summary>
internal static class EnvelopeParameters
{
    public static Statement SetEnvelope(this Statement statement, in Envelope envelope) => statement
        .Set("topic", envelope.Topic)
        .Set("kind", (long)envelope.Kind)
        .Set("destination", envelope.Destination)
        .Set("id", Text(envelope.Id))
        .Set("source", envelope.Source)
        .Set("type", envelope.Type)
        .Set("version", (long)envelope.Version)
        .Set("key", envelope.Key)
        .Set("priority", (long)envelope.Priority)
        .Set("subject", envelope.Subject)
        .Set("time", Text(envelope.Time))
        .Set("expiry", Text(envelope.ExpiryTime))
        .Set("contentType", envelope.ContentType)
        .Set("correlationId", Text(envelope.CorrelationId))
        .Set("causationId", Text(envelope.CausationId))
        .Set("traceParent", envelope.TraceParent)
        .Set("traceState", envelope.TraceState)
        .Set("headers", HeaderJson.Write(envelope.Headers))
        .Set("defectCode", envelope.Defect?.Code)
        .Set("defectDetail", envelope.Defect?.Detail)
        .Set("body", Bytes(envelope.Body));

    /// <summary>An id as tables hold it.</summary>
    public static string? Text(EventId id) => id.IsEmpty ? null : id.ToString();

    /// <summary>A time as tables hold it; null for the first one of all, which stands for none.</summary>
    public static string? Text(DateTimeOffset time) => time == default ? null : Text((DateTimeOffset?)time);

    /// <summary>A time as tables hold it; null for none.</summary>
    public static string? Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>The body as an array, without a copy where it is one.</summary>
    public static byte[] Bytes(ReadOnlyMemory<byte> body) =>
        MemoryMarshal.TryGetArray(body, out var segment) && segment.Array is { } array && segment.Offset == 0 && segment.Count == array.Length
            ? array
            : body.ToArray();
}
