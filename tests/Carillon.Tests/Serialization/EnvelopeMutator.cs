namespace Carillon.Tests.Serialization;

/// <summary>Makes envelopes of which some attributes are broken. The same seed makes the same envelope.</summary>
internal sealed class EnvelopeMutator(Random random)
{
    private static readonly string?[] _texts =
    [
        null, "", " ", "a", "\0", "a\r\nb", "System.String", "A, B", "x`1", "ÄÖÜ", "\uD800", "\u202E", new('l', 250), new('l', 100_000), "application/json", "text/xml",
        "application/json;charset=utf-8", "application/json;;;=;charset", "order.created",
    ];

    private static readonly byte[][] _bodies = ["{}"u8.ToArray(), [], [0], [0xFF], [0xFF, 0xFE, 0, 0], .. new[] { 31, 33, 5000 }.Select(depth => Enumerable.Repeat((byte)'[', depth).ToArray())];

    public Envelope Create() => Serializers.Envelope(Any(_bodies), envelope => envelope with
    {
        Id = Rarely() ? EventId.Parse(Any(_texts)) : envelope.Id,
        Source = Rarely() ? Any(_texts) : envelope.Source,
        Type = Rarely() ? Any(_texts) : envelope.Type,
        Key = Rarely() ? Any(_texts) : envelope.Key,
        Topic = Rarely() ? Any(_texts) : envelope.Topic,
        Subject = Rarely() ? Any(_texts) : envelope.Subject,
        Destination = Rarely() ? Any(_texts) : envelope.Destination,
        ContentType = Rarely() ? Any(_texts) : envelope.ContentType,
        CorrelationId = Rarely() ? EventId.Parse(Any(_texts)) : default,
        TraceParent = Any(_texts),
        TraceState = Any(_texts),
        Version = Rarely() ? random.Next(int.MinValue, int.MaxValue) : 1,
        Kind = Rarely() ? (MessageKind)random.Next(256) : MessageKind.Event,
        Priority = Rarely() ? (Priority)random.Next(256) : Priority.Normal,
        ExpiryTime = Rarely() ? DateTimeOffset.UnixEpoch.AddDays(random.Next(40_000)) : null,
        Headers = Rarely() ? Headers() : null,
    });

    private Dictionary<string, string> Headers()
    {
        var headers = new Dictionary<string, string>();
        for (var count = random.Next(100); count > 0; count--)
            headers[Any(_texts) ?? $"h{count}"] = Any(_texts)!;
        return headers;
    }

    private bool Rarely() => random.Next(12) == 0;

    private T Any<T>(T[] choices) => choices[random.Next(choices.Length)];
}
