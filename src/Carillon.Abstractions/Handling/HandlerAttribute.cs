namespace Carillon;

/// <summary>
/// Marks a method as a handler. Its first parameter is the message, or an <see cref="IReadOnlyList{T}"/> of messages, or an
/// <see cref="Envelope"/> for messages of any type; every other parameter is injected: <see cref="EventContext"/>,
/// <see cref="CancellationToken"/>, <see cref="IEventBus"/>, of the unit of work <see cref="IUnitOfWork"/>, its
/// <see cref="System.Data.Common.DbTransaction"/> or <see cref="System.Data.Common.DbConnection"/> (or the driver's own types of these),
/// or any registered service; a keyed parameter is always a service. What the method returns is published: one
/// message, several (<see cref="IEnumerable{T}"/> or a tuple), or none (null). The method may be static or not, and return
/// <c>void</c>, a value, <see cref="Task"/>, <see cref="Task{TResult}"/>, <see cref="ValueTask"/> or <see cref="ValueTask{TResult}"/>.
/// </summary>
/// <remarks>
/// All handlers of a service share one subscription, named after the service, unless they ask for their own. Handlers of one message
/// in one subscription run one after the other, and the message is finished when the last one is.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HandlerAttribute : Attribute
{
    // The properties have plain setters: to set an init accessor takes C# 9.
    /// <summary>
    /// A subscription of its own within the service, such as <c>audit</c>: this handler then gets every message by itself, with its own
    /// position, retries and dead letters. Default: the service's subscription.
    /// </summary>
    public string? Subscription { get; set; }

    /// <summary>
    /// The topics to handle, instead of the message's own: names or patterns, in which <c>*</c> stands for one word and a final
    /// <c>&gt;</c> for one or more, such as <c>order.*</c> or <c>order.&gt;</c>. The handler gets nothing of other topics, whatever else its subscription
    /// asks for. Needed when the message parameter is an <see cref="Envelope"/>, which then is an event of one of them; ignored for commands.
    /// </summary>
    public string[]? Topics { get; set; }

    /// <summary>
    /// How often the effect of a message happens. Default: as the subscription says, and exactly once where the handler takes a
    /// <see cref="System.Data.Common.DbTransaction"/>, a <see cref="System.Data.Common.DbConnection"/> or the <see cref="IUnitOfWork"/>, because
    /// then it runs in a unit of work. <see cref="DeliveryGuarantee.AtMostOnceMayLose"/> is said by all handlers of a subscription or by none.
    /// </summary>
    public DeliveryGuarantee Delivery { get; set; }

    /// <summary>
    /// Says that the order of messages matters here; the analyzer then insists that the message declares a key
    /// (<see cref="KeyAttribute"/>). Order is kept for every message that has a key, whether this is set or not.
    /// </summary>
    public bool Ordered { get; set; }

    /// <summary>The most messages that a batch handler gets in one call, 1 to 10,000. Default 100. Other handlers ignore it.</summary>
    public int BatchSize { get; set; } = 100;
}
