using System.Collections.Concurrent;

namespace Carillon.InMemory;

/// <summary>Which subscriptions get a message, worked out once per topic, kind and destination. Replaced when the topology changes.</summary>
internal sealed class InMemoryRoutes(InMemorySubscription[] subscriptions)
{
    private const int MostKnown = 4096;
    private readonly bool _bySource = subscriptions.Any(subscription => subscription.Topology.Source is not null);
    private readonly ConcurrentDictionary<RouteKey, InMemorySubscription[]> _known = new();

    /// <summary>The subscriptions.</summary>
    public InMemorySubscription[] Find(in Envelope envelope)
    {
        if (envelope.Topic is not { } topic)
            return [];
        var key = new RouteKey(topic, envelope.Kind, envelope.Destination, _bySource ? envelope.Source : null);
        if (_known.TryGetValue(key, out var route))
            return route;
        return Remember(key, Work(envelope));
    }

    private InMemorySubscription[] Work(Envelope envelope) => [.. subscriptions.Where(subscription => subscription.Topology.Accepts(envelope))];

    private InMemorySubscription[] Remember(RouteKey key, InMemorySubscription[] route)
    {
        if (_known.Count < MostKnown)
            _known.TryAdd(key, route);
        return route;
    }

    private readonly record struct RouteKey(string Topic, MessageKind Kind, string? Destination, string? Source);
}
