using System.Globalization;
using System.Text;
using Carillon.Transports;

namespace Carillon.Sqlite.Tests;

/// <summary>Messages and subscriptions for tests.</summary>
public static class Messages
{
    public static Envelope Event(string id, string? key = null, string topic = "order.created", string? destination = null) => new()
    {
        Id = EventId.Parse(id),
        Source = "/services/orders",
        Type = topic,
        Version = 1,
        Topic = topic,
        Key = key,
        Destination = destination,
        Priority = Priority.Normal,
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
        Body = Encoding.UTF8.GetBytes($$"""{"orderId":"{{id}}"}"""),
    };

    public static Envelope[] Sequence(int count, int keys, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(i => Event(i.ToString(CultureInfo.InvariantCulture), $"key-{i % keys}"))];

    public static SubscriptionTopology Subscription(
        string name, string topics = "order.>", StartPosition start = StartPosition.Beginning, params string[] commands) => new()
        {
            Name = name,
            Service = name.Split('.')[0],
            Topics = [.. topics.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(TopicPattern.Parse)],
            CommandTopics = commands,
            Start = start,
        };

    public static Topology Topology(params SubscriptionTopology[] subscriptions) =>
        new(subscriptions.Length > 0 ? subscriptions[0].Service : "orders", subscriptions);
}
