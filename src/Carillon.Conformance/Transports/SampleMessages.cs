using System.Globalization;
using System.Text;

namespace Carillon.Conformance.Transports;

/// <summary>Messages for scenarios. Each carries a number of the scenario's own, by which it is known again.</summary>
internal static class SampleMessages
{
    private static int _lastId;

    /// <summary>An event.</summary>
    public static Envelope Event(string topic, int number, string? key = null) => new()
    {
        Id = NextId(),
        Source = "/services/conformance",
        Type = "sample.happened",
        Version = 1,
        Topic = topic,
        Key = key,
        Priority = Priority.Normal,
        Subject = number.ToString(CultureInfo.InvariantCulture),
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(number),
        ContentType = "application/json",
        Body = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number}}}")),
    };

    /// <summary>A command.</summary>
    public static Envelope Command(string topic, int number, string? key = null) => Event(topic, number, key) with { Kind = MessageKind.Command };

    /// <summary>Events numbered from <paramref name="first"/>, their keys taken in turn.</summary>
    public static Envelope[] Events(string topic, int first, int count, params string?[] keys) =>
        [.. Enumerable.Range(first, count).Select(number => Event(topic, number, keys.Length == 0 ? null : keys[number % keys.Length]))];

    /// <summary>The number of a message, or -1.</summary>
    public static int NumberOf(in Envelope envelope) =>
        int.TryParse(envelope.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    /// <summary>An id that no other message of this process has.</summary>
    public static EventId NextId() => new(new Guid(Interlocked.Increment(ref _lastId), 0x0c0f, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 1));
}
