namespace Carillon.Publishing;

/// <summary>Where a message is on its way from its caller to the transport.</summary>
internal enum PublishItemState
{
    /// <summary>Nowhere: in the pool, or not submitted yet.</summary>
    Free = 0,

    /// <summary>Its caller waits until there is room for it.</summary>
    Waiting,

    /// <summary>Accepted; it will be handed to the transport.</summary>
    Accepted,

    /// <summary>Handed to the transport.</summary>
    InFlight,

    /// <summary>Its caller knows the outcome.</summary>
    Completed,
}
