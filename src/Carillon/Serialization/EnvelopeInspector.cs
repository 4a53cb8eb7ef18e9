
namespace Carillon.Serialization;

/// <summary>
/// Looks at a received message before anything in it is parsed: attributes, sizes, encoding. Safe to use by several callers at once;
/// allocates nothing for a message that is in order.
/// </summary>
internal sealed class EnvelopeInspector(EnvelopeLimits limits, TimeProvider time)
{
    private readonly AttributeInspector _attributes = new(limits);
    private readonly HeaderInspector _headers = new(limits);
    private readonly BodyInspector _body = new(limits);

    /// <summary>What keeps the message from being handled, or null. The first thing found, in a fixed order.</summary>
    public EnvelopeDefect? Inspect(in Envelope envelope) =>
        envelope.Defect
        ?? _attributes.Inspect(envelope)
        ?? _headers.Inspect(envelope.Headers)
        ?? _body.Inspect(envelope.Body.Span)
        ?? InspectExpiry(envelope);

    private EnvelopeDefect? InspectExpiry(in Envelope envelope) =>
        envelope.ExpiryTime is { } expiry && expiry < time.GetUtcNow()
            ? new EnvelopeDefect(ErrorCodes.Expired, $"The message expired at {expiry.UtcDateTime:O}.")
            : null;
}
