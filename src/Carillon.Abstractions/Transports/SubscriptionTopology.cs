namespace Carillon.Transports;

/// <summary>One subscription: a named group of competing instances that gets every message of its topics once.</summary>
public sealed record SubscriptionTopology
{
    /// <summary>The full name, unique among all services: the service's, or service, dot and the subscription's own.</summary>
    public required string Name { get; init; }

    /// <summary>The service that the subscription belongs to. Messages for another service (<see cref="Envelope.Destination"/>) are not for it.</summary>
    public required string Service { get; init; }

    /// <summary>The topics of the events it handles.</summary>
    public required IReadOnlyList<TopicPattern> Topics { get; init; }

    /// <summary>The topics of the commands it handles. No other subscription of any service may handle them.</summary>
    public IReadOnlyList<string> CommandTopics { get; init; } = [];

    /// <summary>Where a subscription that did not exist before begins.</summary>
    public StartPosition Start { get; init; } = StartPosition.End;

    /// <summary>What this instance can handle of the messages of the subscription. Default: everything.</summary>
    public HandledMessages Handles { get; init; } = HandledMessages.Everything;

    /// <summary>
    /// How long a topic stays a topic of the subscription after the last running instance has declared it. Default 7 days. An instance of
    /// another version, which does not declare it, takes it away no earlier.
    /// </summary>
    public TimeSpan UnhandledRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long a message that this instance cannot handle waits for an instance that could and is gone: it may only be restarting. Counted from when another
    /// instance took note. Default 30 s.
    /// </summary>
    public TimeSpan UnhandledGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether a message is handed over at most once, whatever becomes of this process or the server: the receiver writes it down as finished first, as durably as anything,
    /// and hands over only what it knows to be written down. What is in doubt is not handed over, and may get lost. The runtime acknowledges such a delivery at once and
    /// never returns it. Asked of transports only that say that they can (<see cref="TransportCapabilities.DeliversAtMostOnce"/>). Default false.
    /// </summary>
    public bool DeliversAtMostOnce { get; init; }

    /// <summary>
    /// For the subscription of a relay: the one source whose messages it takes, events and commands alike, whatever their topic and
    /// destination; <see cref="Topics"/> and <see cref="CommandTopics"/> are empty then. Null, the default, for every other subscription.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Whether a message is for this subscription, by its topic and destination, or by its source for a relay's.</summary>
    public bool Accepts(in Envelope envelope) => Source is not null
        ? string.Equals(envelope.Source, Source, StringComparison.Ordinal)
        : (envelope.Destination is null || envelope.Destination == Service) && envelope.Topic is { } topic && AcceptsTopic(topic, envelope.Kind);

    private bool AcceptsTopic(string topic, MessageKind kind)
    {
        if (kind == MessageKind.Command)
            return CommandTopics.Contains(topic, StringComparer.Ordinal);
        foreach (var pattern in Topics)
        {
            if (pattern.Matches(topic))
                return true;
        }

        return false;
    }
}
