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
}
