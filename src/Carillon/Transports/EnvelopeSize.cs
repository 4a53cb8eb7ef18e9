namespace Carillon.Transports;

/// <summary>How many bytes a message counts for while it is held in memory.</summary>
internal static class EnvelopeSize
{
    /// <summary>What the fixed attributes take, together with the place that holds them.</summary>
    private const long Fixed = 512;

    public static long Of(in Envelope envelope) =>
        Fixed + envelope.Body.Length + Text(envelope.Key) + Text(envelope.Subject) + Text(envelope.TraceState) + Text(envelope.Type) + OfHeaders(envelope.Headers);

    private static long Text(string? text) => text is null ? 0 : 2L * text.Length;

    // A dictionary is enumerated by its own enumerator, which is a value: through the interface every message would cost an allocation.
    private static long OfHeaders(IReadOnlyDictionary<string, string>? headers)
    {
        var size = 0L;
        if (headers is Dictionary<string, string> dictionary)
        {
            foreach (var (name, value) in dictionary)
                size += Text(name) + Text(value);
        }
        else if (headers is not null)
        {
            foreach (var (name, value) in headers)
                size += Text(name) + Text(value);
        }

        return size;
    }
}
