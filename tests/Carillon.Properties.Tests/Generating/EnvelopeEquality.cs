namespace Carillon.Properties.Tests.Generating;

/// <summary>Compares messages as they were given away with messages as they came back: everything counts, also what reads the same.</summary>
internal static class EnvelopeEquality
{
    public static void AssertSame(Envelope expected, Envelope actual)
    {
        Assert.True(expected.Body.Span.SequenceEqual(actual.Body.Span), $"the body of {expected.Body.Length} bytes came back changed, with {actual.Body.Length}");
        Assert.Equal(expected.Headers?.OrderBy(header => header.Key, StringComparer.Ordinal), actual.Headers?.OrderBy(header => header.Key, StringComparer.Ordinal));
        AssertSame(expected.Time, actual.Time);
        Assert.Equal(expected.ExpiryTime is null, actual.ExpiryTime is null);
        AssertSame(expected.ExpiryTime ?? default, actual.ExpiryTime ?? default);
        Assert.Equal(Rest(expected), Rest(actual));
    }

    // The first moment of all stands for none, wherever on earth it was written down.
    private static void AssertSame(DateTimeOffset expected, DateTimeOffset actual)
    {
        Assert.Equal(expected.UtcTicks, actual.UtcTicks);
        if (expected != default)
            Assert.Equal(expected.Offset, actual.Offset);
    }

    private static Envelope Rest(Envelope envelope) => envelope with { Body = default, Headers = null, Time = default, ExpiryTime = null };
}
