using System.Collections.Frozen;
using Carillon.Transports;

namespace Carillon.Routing;

/// <summary>One subscription as it will run: its topology in the transport, and for every type what to do. Immutable after start.</summary>
internal sealed class SubscriptionPlan
{
    private readonly FrozenDictionary<string, MessageRoute[]> _routes;
    private readonly MessageRoute? _everything;

    public SubscriptionPlan(SubscriptionTopology topology, IEnumerable<MessageRoute> routes, MessageRoute? everything, bool ignoresUnhandled)
    {
        Topology = topology;
        IgnoresUnhandled = ignoresUnhandled;
        _everything = everything;
        _routes = routes.GroupBy(route => route.Message!.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        HasBatches = _routes.Values.Any(versions => versions.Any(route => route.IsBatch));
    }

    public SubscriptionTopology Topology { get; }

    public string Name => Topology.Name;

    /// <summary>Whether a message without a handler is finished rather than a dead letter.</summary>
    public bool IgnoresUnhandled { get; }

    /// <summary>Whether any message is handled exactly once, which needs a store.</summary>
    public bool HasExactlyOnce => _everything is { IsExactlyOnce: true } || _routes.Values.Any(versions => versions.Any(route => route.IsExactlyOnce));

    /// <summary>Whether any handler takes several messages in one call.</summary>
    public bool HasBatches { get; }

    /// <summary>What to do with a message, or null when nothing was registered for it. The name is only ever looked up (G8).</summary>
    public MessageRoute? Find(in Envelope envelope)
    {
        if (envelope.Type is { } type && _routes.TryGetValue(type, out var versions))
        {
            var version = Math.Max(envelope.Version, 1);
            foreach (var route in versions)
            {
                if (route.Message!.Version == version)
                    return route;
            }
        }

        return _everything;
    }

    /// <summary>Says what is handled instead, for the error about a message that is not.</summary>
    public string Describe(in Envelope envelope)
    {
        var version = Math.Max(envelope.Version, 1);
        var handled = envelope.Type is { } type && _routes.TryGetValue(type, out var versions)
            ? $"it handles version {string.Join(", ", versions.Select(route => route.Message!.Version))} of it"
            : $"it handles {string.Join(", ", _routes.Keys.Order(StringComparer.Ordinal))}";
        return $"Subscription {Name} has no handler for {envelope.Type} version {version}; {handled}.";
    }
}
