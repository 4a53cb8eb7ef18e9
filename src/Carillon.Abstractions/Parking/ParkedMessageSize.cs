namespace Carillon.Parking;

/// <summary>How much memory a parked message holds, in bytes: the message, and all that is known of its failures.</summary>
internal static class ParkedMessageSize
{
    // An attempt's numbers, and the place that holds it.
    private const int AttemptBytes = 128;

    public static long Of(ParkedMessage message)
    {
        var bytes = EnvelopeSize.Of(message.Envelope) + Of(message.Reason);
        foreach (var attempt in message.Attempts)
            bytes += AttemptBytes + Of(attempt.Handler) + Of(attempt.ErrorType) + Of(attempt.Message) + Of(attempt.StackTrace);
        return bytes;
    }

    private static long Of(string? text) => text is null ? 0 : 2L * text.Length;
}
