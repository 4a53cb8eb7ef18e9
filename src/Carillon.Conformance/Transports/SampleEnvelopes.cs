using System.Text;

namespace Carillon.Conformance.Transports;

/// <summary>Envelopes of every kind that a transport must carry unchanged.</summary>
public static class SampleEnvelopes
{
    private static readonly Dictionary<string, Func<Envelope>> _all = new(StringComparer.Ordinal)
    {
        ["full"] = () => Full,
        ["bare"] = () => new Envelope { Id = SampleMessages.NextId(), Topic = "a.b", Type = "t", Source = "s", Version = 1 },
        ["broken: no id, type or source"] = () => new Envelope { Topic = "a.b", Version = 1, Body = "{"u8.ToArray() },
        ["with an id that is text"] = () => Full with { Id = EventId.Parse("A-12345/ü 66"), CausationId = EventId.Parse("0"), CorrelationId = EventId.Parse(new string('x', 200)) },
        ["with an id in capitals"] = () => Full with { Id = EventId.Parse("0190A5B4-0000-7000-8000-00000000ABCD") },
        ["without a body"] = () => Full with { Body = default },
        ["with a body of 1 MiB"] = () => Full with { Body = Bytes(1024 * 1024) },
        ["with a body of every byte"] = () => Full with { Body = Bytes(256), ContentType = "application/octet-stream" },
        ["with a body that is not UTF-8"] = () => Full with { Body = new byte[] { 0xC3, 0x28, 0x00, 0xFF } },
        ["of low priority"] = () => Full with { Priority = Priority.Low },
        ["of normal priority"] = () => Full with { Priority = Priority.Normal },
        ["with texts in many scripts"] = () => Full with { Key = Odd, Subject = Odd, Source = Odd, Type = Odd, TraceState = Odd, ContentType = "text/plain; charset=\"utf-8\"" },
        ["with texts that look like SQL"] = () => Full with { Key = "'; DROP TABLE messages; --", Subject = "%_\\\"`$1 @p0 :x ?", Source = "{0}" },
        ["with a long key"] = () => Full with { Key = new string('k', 512) },
        ["with 64 headers"] = () => Full with { Headers = Enumerable.Range(0, 64).ToDictionary(number => $"header-{number}", number => new string('v', number * 8)) },
        ["with a long header"] = () => Full with { Headers = new Dictionary<string, string> { ["long"] = new('w', 4096), ["odd"] = Odd, ["empty"] = "" } },
        ["from long ago"] = () => Full with { Time = new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.Zero), ExpiryTime = DateTimeOffset.UnixEpoch },
        ["that has never been worth handling"] = () => Full with { ExpiryTime = DateTimeOffset.MinValue },
        ["of the far future"] = () => Full with { Time = new DateTimeOffset(9999, 12, 30, 23, 59, 59, 999, TimeSpan.Zero).AddTicks(9999), Version = int.MaxValue },
        ["of another time zone"] = () => Full with { Time = new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(5.5)) },
    };

    /// <summary>What the envelopes are called.</summary>
    public static TheoryData<string> Names => [.. _all.Keys];

    private static string Odd => "naïve “quotes” 'single' \"double\" \\ / 漢字 עברית 😀 \u200b\u0301";

    private static Envelope Full => new()
    {
        Id = SampleMessages.NextId(),
        Source = "/services/conformance",
        Type = "sample.happened",
        Version = 3,
        Kind = MessageKind.Event,
        Topic = "a.b",
        Destination = "orders",
        Key = "key-1",
        Priority = Priority.High,
        Subject = "a subject",
        Time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero).AddTicks(1234),
        ExpiryTime = new DateTimeOffset(2126, 2, 3, 4, 5, 6, 7, TimeSpan.Zero),
        ContentType = "application/json",
        CorrelationId = SampleMessages.NextId(),
        CausationId = SampleMessages.NextId(),
        TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        TraceState = "vendor=value,other=1",
        Headers = new Dictionary<string, string> { ["tenant"] = "blue", ["x-odd"] = "a=b;c,d" },
        Body = Encoding.UTF8.GetBytes("{\"number\":1,\"text\":\"é\"}"),
    };

    internal static Envelope Named(string name) => _all[name]();

    internal static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var index = 0; index < length; index++)
            bytes[index] = (byte)((index * 31) + (index >> 8) + length);
        return bytes;
    }
}
