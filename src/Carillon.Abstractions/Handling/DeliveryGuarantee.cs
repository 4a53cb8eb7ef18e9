namespace Carillon;

/// <summary>How often the effect of a message happens.</summary>
public enum DeliveryGuarantee
{
    /// <summary>At least once: after a crash a message may be handled again. The default; handlers are idempotent.</summary>
    AtLeastOnce = 0,

    /// <summary>
    /// Exactly once, for what the handler changes through its unit of work: its rows, what it publishes, and the mark that the message was
    /// handled are committed together (G2). Needs a store that shares a database with the handler.
    /// </summary>
    ExactlyOnce = 1,

    /// <summary>
    /// At most once, for what may get lost, such as logs and telemetry: a message is written down as finished before its handler begins. It is tried once, never
    /// again, and never set aside; whatever fails, expires, cannot be read or is interrupted is lost, logged and counted
    /// (<c>carillon.subscription.messages.lost</c>). It holds for a subscription as a whole, needs a transport that can do it
    /// (<see cref="Transports.TransportCapabilities.DeliversAtMostOnce"/>), and never goes with a transaction.
    /// </summary>
    AtMostOnceMayLose = 2,
}
