namespace Carillon;

/// <summary>
/// A message as it travels: its CloudEvents 1.0 attributes and its body. It is a value, so that it can be handed on, queued and
/// stored without an allocation and without anyone owning it; the body is never changed or reused once it is in an envelope.
/// </summary>
/// <remarks>
/// An envelope that came from the wire may lack anything: nothing is checked until the receiving service applies its limits, and
/// what fails there ends as a dead letter with these very bytes.
/// </remarks>
public readonly record struct Envelope
{
    /// <summary>The id, unique within <see cref="Source"/> (CloudEvents 1.0 §3.1).</summary>
    public EventId Id { get; init; }

    /// <summary>Where the message comes from, a URI-reference such as <c>/services/orders</c> (CloudEvents 1.0 §3.1).</summary>
    public string? Source { get; init; }

    /// <summary>The message's name on the wire (CloudEvents 1.0 §3.1 <c>type</c>).</summary>
    public string? Type { get; init; }

    /// <summary>The version of the message's shape. CloudEvents extension <c>carillonversion</c>; 1 when absent.</summary>
    public int Version { get; init; }

    /// <summary>Event or command. CloudEvents extension <c>carillonkind</c>.</summary>
    public MessageKind Kind { get; init; }

    /// <summary>The topic that the message was published to.</summary>
    public string? Topic { get; init; }

    /// <summary>The one service that the message is for, or null for every service.</summary>
    public string? Destination { get; init; }

    /// <summary>What must stay in order (CloudEvents extension <c>partitionkey</c>), or null when nothing must.</summary>
    public string? Key { get; init; }

    /// <summary>How urgent the message is.</summary>
    public Priority Priority { get; init; }

    /// <summary>What the message is about within its source (CloudEvents 1.0 §3.1 <c>subject</c>).</summary>
    public string? Subject { get; init; }

    /// <summary>When the fact happened or the wish was made (CloudEvents 1.0 §3.1 <c>time</c>).</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>When the message is no longer worth handling (CloudEvents extension <c>expirytime</c>), or null for never.</summary>
    public DateTimeOffset? ExpiryTime { get; init; }

    /// <summary>The media type of the body (CloudEvents 1.0 §3.1 <c>datacontenttype</c>). Null means JSON.</summary>
    public string? ContentType { get; init; }

    /// <summary>Which conversation the message belongs to (CloudEvents extension <c>correlationid</c>).</summary>
    public EventId CorrelationId { get; init; }

    /// <summary>The id of the message that caused this one (CloudEvents extension <c>causationid</c>); empty when none did.</summary>
    public EventId CausationId { get; init; }

    /// <summary>The W3C trace context of the message's creation (CloudEvents extension <c>traceparent</c>).</summary>
    public string? TraceParent { get; init; }

    /// <summary>The vendors' part of the trace context (CloudEvents extension <c>tracestate</c>).</summary>
    public string? TraceState { get; init; }

    /// <summary>The publisher's own attributes, or null for none. Names in lower case.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The body, in the media type that <see cref="ContentType"/> names.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What a transport could not make sense of when it read the message, or null. Such a message becomes a dead letter.</summary>
    public EnvelopeDefect? Defect { get; init; }
}
