namespace Carillon.Relational;

/// <summary>Turns rows into envelopes. Remembers texts that most rows share; one user at a time.</summary>
internal sealed class EnvelopeReader
{
    private string? _topic;
    private string? _source;
    private string? _type;
    private string? _contentType;

    /// <summary>Reads the columns of <see cref="EnvelopeColumns.Names"/>.</summary>
    /// <param name="rows">Stands on the row.</param>
    /// <param name="firstColumn">Where the envelope's columns begin.</param>
    public Envelope Read(Rows rows, int firstColumn)
    {
        var row = new RowReader(rows, firstColumn);
        var envelope = new Envelope
        {
            Topic = row.Text("topic", ref _topic),
            Kind = (MessageKind)row.Number("carillonkind", 0, (int)MessageKind.Command, absent: 0),
            Destination = row.Text("destination"),
            Id = EventId.Parse(row.Text("id")),
            Source = row.Text("source", ref _source),
            Type = row.Text("type", ref _type),
            Version = (int)row.Number("carillonversion", int.MinValue, int.MaxValue, absent: 1),
            Key = row.Text("partitionkey"),
            Priority = (Priority)row.Number("priority", 0, (int)Priority.High, absent: (int)Priority.Normal),
            Subject = row.Text("subject"),
            Time = row.Time("time") ?? default,
            ExpiryTime = row.Time("expirytime"),
            ContentType = row.Text("datacontenttype", ref _contentType),
            CorrelationId = EventId.Parse(row.Text("correlationid")),
            CausationId = EventId.Parse(row.Text("causationid")),
            TraceParent = row.Text("traceparent"),
            TraceState = row.Text("tracestate"),
            Headers = row.Headers("headers"),
        };
        var (code, detail) = (row.Text("defect_code"), row.Text("defect_detail"));
        var stored = code is null ? null : new EnvelopeDefect(code, detail ?? "");
        var body = row.Bytes("body");
        return envelope with { Body = body, Defect = stored ?? row.Defect };
    }
}
