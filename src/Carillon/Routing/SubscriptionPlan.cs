using System.Collections.Frozen;
using Carillon.Transports;

namespace Carillon.Routing;

/// <summary>One subscription as it will run: its topology in the transport, and for every type and topic what to do. Immutable after start.</summary>
internal sealed class SubscriptionPlan
{
    private readonly FrozenDictionary<string, MessageRoutes[]> _byName;
    private readonly MessageRoutes _others;
    private readonly SubscriptionOptions _options;

    public SubscriptionPlan(SubscriptionTopology topology, IReadOnlyList<PlannedHandler> handlers, SubscriptionOptions options)
    {
        (Topology, _options) = (topology, options);
        PlannedHandler[] ofEnvelopes = [.. handlers.Where(static handler => handler.Definition.Message is null)];
        _others = new MessageRoutes(null, ofEnvelopes, options);
        _byName = handlers.Where(static handler => handler.Definition.Message is not null)
            .GroupBy(static handler => (handler.Definition.Message!.Name, handler.Definition.Message.Version))
            .GroupBy(static group => group.Key.Name, group => new MessageRoutes(group.First().Definition.Message, [.. group, .. ofEnvelopes], options), StringComparer.Ordinal)
            .ToFrozenDictionary(static versions => versions.Key, static versions => versions.ToArray(), StringComparer.Ordinal);
        HasBatches = handlers.Any(static handler => handler.Definition.IsBatch);
        HasExactlyOnce = !topology.DeliversAtMostOnce
            && (options.Delivery == DeliveryGuarantee.ExactlyOnce || handlers.Any(static handler => handler.Definition.Delivery == DeliveryGuarantee.ExactlyOnce));
    }

    public SubscriptionTopology Topology { get; }

    public string Name => Topology.Name;

    /// <summary>Whether any message is handled exactly once, which needs a store.</summary>
    public bool HasExactlyOnce { get; }

    /// <summary>Whether any handler takes several messages in one call.</summary>
    public bool HasBatches { get; }

    /// <summary>What to do with a message, or null when no handler is for its type and topic. The name is only ever looked up (G8).</summary>
    public MessageRoute? Find(in Envelope envelope) =>
        RoutedType.Of(envelope) is { } message ? FindRoutes(message.Type)?.Find(message.Topic) ?? _others.Find(message.Topic) : null;

    /// <summary>Whether a message without a handler is finished rather than a dead letter.</summary>
    public bool IgnoresUnhandled(in Envelope envelope)
    {
        if (_options.UnhandledTypes != UnhandledTypes.ByTopic)
            return _options.UnhandledTypes == UnhandledTypes.Ignore;
        foreach (var pattern in Topology.Topics)
        {
            if (pattern.HasWildcard && envelope.Kind != MessageKind.Command && pattern.Matches(envelope.Topic))
                return true;
        }

        return false;
    }

    /// <summary>Says what is handled instead, for the error about a message that is not.</summary>
    public string Describe(in Envelope envelope)
    {
        var version = Math.Max(envelope.Version, 1);
        var handled = envelope.Type is { } type && _byName.TryGetValue(type, out var versions)
            ? $"it handles version {string.Join(", ", versions.Select(static routes => routes.Version))} of it{(Array.Exists(versions, routes => routes.Version == version) ? " on other topics" : "")}"
            : $"it handles {Topology.Handles}";
        return $"Subscription {Name} has no handler for {envelope.Type} version {version} on topic {envelope.Topic}; {handled}.";
    }

    private MessageRoutes? FindRoutes(HandledType type)
    {
        if (!_byName.TryGetValue(type.Name, out var versions))
            return null;
        foreach (var routes in versions)
        {
            if (routes.Version == type.Version)
                return routes;
        }

        return null;
    }
}
