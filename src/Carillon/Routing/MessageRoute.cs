namespace Carillon.Routing;

/// <summary>What one subscription does with messages of one type: the conditions they must meet and the handlers they run through.</summary>
/// <param name="Message">The message type, or null when the handlers take every message as an envelope.</param>
/// <param name="Handlers">The handlers, in the order of registration.</param>
/// <param name="Filters">What a message must meet to be handled.</param>
/// <param name="Delivery">How often its effect happens.</param>
internal sealed record MessageRoute(
    MessageDefinition? Message, HandlerDefinition[] Handlers, Func<object, bool>[] Filters, DeliveryGuarantee Delivery)
{
    /// <summary>Whether the handlers run in a unit of work.</summary>
    public bool IsExactlyOnce => Delivery == DeliveryGuarantee.ExactlyOnce;

    /// <summary>Whether the one handler of this route takes several messages in one call.</summary>
    public bool IsBatch => Handlers is [{ IsBatch: true }];

    /// <summary>The most messages in one call.</summary>
    public int BatchSize => IsBatch ? Handlers[0].BatchSize : 1;

    public bool Accepts(object message)
    {
        foreach (var filter in Filters)
        {
            if (!filter(message))
                return false;
        }

        return true;
    }
}
