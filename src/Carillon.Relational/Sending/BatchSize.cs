namespace Carillon.Relational;

/// <summary>How much of what a group may hold a batch of messages takes.</summary>
internal static class BatchSize
{
    private const int Attributes = 512;

    /// <summary>About so many bytes: the bodies, and as much for the attributes of each message as they usually take.</summary>
    public static long Of(ReadOnlySpan<Envelope> batch)
    {
        var size = 0L;
        foreach (ref readonly var envelope in batch)
            size += envelope.Body.Length + Attributes;
        return size;
    }
}
