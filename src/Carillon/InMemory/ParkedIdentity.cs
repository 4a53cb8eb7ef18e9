using Carillon.Parking;

namespace Carillon.InMemory;

/// <summary>
/// What makes two parked messages the same one: subscription, source, id and content. A broken message may have no id; it is known by where it
/// stands then, because otherwise the second one without an id would pass for the first and be lost.
/// </summary>
internal readonly record struct ParkedIdentity
{
    private ParkedIdentity(ParkedMessage message)
    {
        Subscription = message.Subscription;
        Source = message.Envelope.Source;
        Id = message.Envelope.Id;
        if (Id.IsEmpty)
            (Partition, Position) = (message.Partition, message.Position);
        else
            Content = ContentHash.Of(message.Envelope);
    }

    private string Subscription { get; }

    private string? Source { get; }

    private EventId Id { get; }

    private string? Content { get; }

    private string? Partition { get; }

    private long? Position { get; }

    /// <summary>The identity of a message, or null when it can be told from others by nothing.</summary>
    public static ParkedIdentity? Of(ParkedMessage message) =>
        message.Envelope.Id.IsEmpty && message.Position is null or 0 ? null : new ParkedIdentity(message);
}
