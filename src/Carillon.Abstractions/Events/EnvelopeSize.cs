namespace Carillon;

/// <summary>How much memory a message holds while it waits, in bytes: what byte budgets count.</summary>
internal static class EnvelopeSize
{
    // The fixed attributes, together with the place that holds them.
    private const int FixedBytes = 512;

    public static long Of(in Envelope envelope) =>
        FixedBytes + envelope.Body.Length + Of(envelope.Type) + Of(envelope.Key) + Of(envelope.Subject) + Of(envelope.TraceState) + Of(envelope.Headers);

    private static long Of(string? text) => text is null ? 0 : 2L * text.Length;

    private static long Of(IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is null)
            return 0;
        if (headers is not Dictionary<string, string> dictionary)
            return headers.Sum(header => Of(header.Key) + Of(header.Value));

        // The usual dictionary is walked by its own enumerator, which is not allocated.
        var bytes = 0L;
        foreach (var (name, value) in dictionary)
            bytes += Of(name) + Of(value);
        return bytes;
    }
}
