using System.Text.Unicode;

namespace Carillon.Serialization;

/// <summary>
/// Looks at a received message before anything in it is parsed: attributes, sizes, encoding. Safe to use by several callers at once;
/// allocates nothing for a message that is in order.
/// </summary>
internal sealed class EnvelopeInspector(EnvelopeLimits limits, TimeProvider time)
{
    private readonly AttributeInspector _attributes = new(limits);
    private readonly HeaderInspector _headers = new(limits);

    /// <summary>What keeps the message from being handled, or null. The first thing found, in a fixed order.</summary>
    public EnvelopeDefect? Inspect(in Envelope envelope) =>
        envelope.Defect
        ?? _attributes.Inspect(envelope)
        ?? _headers.Inspect(envelope.Headers)
        ?? InspectBody(envelope.Body.Span)
        ?? InspectExpiry(envelope);

    private EnvelopeDefect? InspectBody(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
            return new EnvelopeDefect(ErrorCodes.EmptyBody, "The body is empty.");
        if (body.Length > limits.BodyBytes)
            return new EnvelopeDefect(ErrorCodes.BodyTooLarge, $"The body has {body.Length} bytes; the limit is {limits.BodyBytes}.");
        if (IsWide(body))
            return new EnvelopeDefect(ErrorCodes.InvalidEncoding, "The body is UTF-16 or UTF-32; JSON in messages is UTF-8.");
        if (!Utf8.IsValid(body))
            return new EnvelopeDefect(ErrorCodes.InvalidEncoding, "The body is not valid UTF-8.");
        return InspectShape(body);
    }

    private EnvelopeDefect? InspectShape(ReadOnlySpan<byte> body)
    {
        if (!JsonText.MayNestDeeperThan(body, limits.Depth) && !JsonText.MayHaveMorePropertiesThan(body, limits.Properties))
            return null;
        var (depth, properties) = JsonText.Measure(body);
        if (depth > limits.Depth)
            return new EnvelopeDefect(ErrorCodes.TooDeep, $"The body nests {depth} deep; the limit is {limits.Depth}.");
        return properties > limits.Properties
            ? new EnvelopeDefect(ErrorCodes.TooManyProperties, $"The body has {properties} properties; the limit is {limits.Properties}.")
            : null;
    }

    private EnvelopeDefect? InspectExpiry(in Envelope envelope) =>
        envelope.ExpiryTime is { } expiry && expiry < time.GetUtcNow()
            ? new EnvelopeDefect(ErrorCodes.Expired, $"The message expired at {expiry.UtcDateTime:O}.")
            : null;

    // JSON begins with two characters out of ASCII, so a zero among the first two bytes, or a wide byte order mark, tells the encoding.
    private static bool IsWide(ReadOnlySpan<byte> body) =>
        body.Length >= 2 && (body[0] == 0 || body[1] == 0 || body is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]);
}
