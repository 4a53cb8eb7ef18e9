namespace Carillon.Serialization;

/// <summary>
/// Makes sure that a body can be read before it is published. What is written by declared properties only is right but for its size; what holds
/// values that may be any JSON is looked at, and read where looking does not tell.
/// </summary>
internal sealed class WrittenBodyInspector(EnvelopeLimits limits, Func<Type, ReadOnlySpan<byte>, EnvelopeDefect?> read)
{
    private readonly BodyInspector _body = new(limits);

    /// <summary>What receivers with the same limits would refuse, or null.</summary>
    public EnvelopeDefect? Inspect(WrittenType type, ReadOnlySpan<byte> body)
    {
        if (type.Freedom == BodyFreedom.Declared || (type.Freedom == BodyFreedom.Keyed && !HoldsReplacements(body)))
            return body.Length > limits.Properties ? _body.InspectShape(body) : null;
        return _body.Inspect(body)
            ?? (type.Freedom == BodyFreedom.Extended || DoubledNames.MayBeIn(body, limits.Depth) ? read(type.Json.Type, body) : null);
    }

    // Halves of surrogate pairs become this when they are written, which makes one key out of several.
    private static bool HoldsReplacements(ReadOnlySpan<byte> body) => body.IndexOf("\uFFFD"u8) >= 0 || body.IndexOf("\\uFFFD"u8) >= 0;
}
