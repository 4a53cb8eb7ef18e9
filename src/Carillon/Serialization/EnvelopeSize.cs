namespace Carillon.Serialization;

/// <summary>How much memory a message holds while it waits: what the byte budgets count.</summary>
internal static class EnvelopeSize
{
    // The envelope itself and its short attributes, rounded up.
    private const int FixedBytes = 512;

    public static long Of(in Envelope envelope)
    {
        var bytes = (long)FixedBytes + envelope.Body.Length;
        if (envelope.Headers is not { } headers)
            return bytes;
        if (headers is not Dictionary<string, string> dictionary)
            return bytes + headers.Sum(header => 2L * (header.Key.Length + header.Value.Length));
        foreach (var (name, value) in dictionary)
            bytes += 2L * (name.Length + value.Length);
        return bytes;
    }
}
