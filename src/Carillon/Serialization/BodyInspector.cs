using System.Text.Unicode;

namespace Carillon.Serialization;

/// <summary>Checks the body of a message by its bytes, without parsing it: one that was received, or one that is about to be published.</summary>
internal sealed class BodyInspector(EnvelopeLimits limits)
{
    /// <summary>What keeps the body from being parsed, or null.</summary>
    public EnvelopeDefect? Inspect(ReadOnlySpan<byte> body)
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

    /// <summary>Whether the body nests deeper or has more properties than the limits allow.</summary>
    public EnvelopeDefect? InspectShape(ReadOnlySpan<byte> body)
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

    // JSON begins with two characters out of ASCII, so a zero among the first two bytes, or a wide byte order mark, tells the encoding.
    private static bool IsWide(ReadOnlySpan<byte> body) =>
        body.Length >= 2 && (body[0] == 0 || body[1] == 0 || body is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..]);
}
