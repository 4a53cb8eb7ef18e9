namespace Carillon.Routing;

/// <summary>
/// What one subscription does with messages of one type, or of all that have no handlers of their own: for each topic the handlers that ask for it. Safe for
/// several threads at once.
/// </summary>
/// <param name="message">The type, or null for any other.</param>
/// <param name="handlers">The handlers of the type, then those that take envelopes.</param>
/// <param name="options">How the subscription runs.</param>
internal sealed class MessageRoutes(MessageDefinition? message, PlannedHandler[] handlers, SubscriptionOptions options)
{
    private readonly Lock _gate = new();

    // One for each set of handlers that a topic has led to: few, however many the topics are.
    private MessageRoute[] _known = [];

    /// <summary>The type's version; 0 for any type.</summary>
    public int Version => message?.Version ?? 0;

    /// <summary>What to do with messages that come by a topic, or null when no handler of the type asks for it.</summary>
    public MessageRoute? Find(string topic)
    {
        foreach (var route in Volatile.Read(ref _known))
        {
            if (LeadsTo(topic, route.Handlers))
                return route;
        }

        return Compose(topic);
    }

    private bool LeadsTo(string topic, HandlerDefinition[] expected)
    {
        var next = 0;
        foreach (var handler in handlers)
        {
            if (!handler.IsFor(topic))
                continue;
            if (next == expected.Length || expected[next] != handler.Definition)
                return false;
            next++;
        }

        return next == expected.Length;
    }

    private MessageRoute? Compose(string topic)
    {
        HandlerDefinition[] chosen = [.. handlers.Where(handler => handler.IsFor(topic)).Select(static handler => handler.Definition)];
        if (!Array.Exists(chosen, handler => message is null || handler.Message is not null))
            return null;
        lock (_gate)
        {
            if (Array.Find(_known, route => LeadsTo(topic, route.Handlers)) is { } known)
                return known;
            // What one of them asks for by itself; never two different things (SubscriptionPlanner).
            var delivery = Array.Find(chosen, static handler => handler.Delivery != DeliveryGuarantee.AtLeastOnce)?.Delivery ?? options.Delivery;
            var route = new MessageRoute(message, chosen, message is null ? [] : options.FiltersFor(message.ClrType), delivery);
            Volatile.Write(ref _known, [.. _known, route]);
            return route;
        }
    }
}
