namespace Carillon.Conformance.Transports;

/// <summary>Compares messages as they were sent with messages as they came back.</summary>
internal static class EnvelopeAssert
{
    private static readonly Dictionary<string, string> _noHeaders = [];

    /// <summary>Fails unless every attribute and every byte of the body are the same. No headers and an empty set of headers are.</summary>
    public static void Same(Envelope expected, Envelope actual)
    {
        Assert.True(expected.Body.Span.SequenceEqual(actual.Body.Span), $"the body of {expected.Body.Length} bytes came back changed, with {actual.Body.Length}");
        Assert.Equal(expected.Headers ?? _noHeaders, actual.Headers ?? _noHeaders);
        Assert.Equal(expected.Time.UtcTicks, actual.Time.UtcTicks);
        Assert.Equal(expected.ExpiryTime?.UtcTicks, actual.ExpiryTime?.UtcTicks);
        Assert.Equal(Comparable(expected), Comparable(actual));
    }

    private static Envelope Comparable(Envelope envelope) => envelope with { Body = default, Headers = null, Time = default, ExpiryTime = null };
}
