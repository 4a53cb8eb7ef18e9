namespace Carillon.Transports;

/// <summary>What a transport can do by itself. The runtime supplies the rest, and the documentation prints this table.</summary>
public sealed record TransportCapabilities
{
    /// <summary>What people call the transport, such as <c>SQLite</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The <c>messaging.system</c> of OpenTelemetry's semantic conventions 1.45, such as <c>sqlite</c>.</summary>
    public required string System { get; init; }

    /// <summary>Whether a confirmed message survives the death of every process.</summary>
    public required bool IsDurable { get; init; }

    /// <summary>Whether several processes can share it.</summary>
    public required bool IsShared { get; init; }

    /// <summary>
    /// Whether messages of one key reach one instance at a time, in order, also when instances come and go: each of its partitions has one owner. Where
    /// it is false, a subscription that asks for order does not start.
    /// </summary>
    public required bool KeepsKeyOrder { get; init; }

    /// <summary>
    /// Whether a key with a long backlog leaves room for other keys: what is beyond its share the receiver reads past
    /// (<see cref="IDeliverySink.Room"/>). Where it is false, one key can fill the room of a subscription, and the others wait.
    /// </summary>
    public required bool SharesRoomAmongKeys { get; init; }

    /// <summary>Whether messages stay readable after they were handled (<see cref="IMessageLog"/>).</summary>
    public required bool KeepsHistory { get; init; }

    /// <summary>
    /// Whether it can write messages down as finished before it hands them over (<see cref="SubscriptionTopology.DeliversAtMostOnce"/>). Where it is false, the
    /// default, a subscription with <see cref="DeliveryGuarantee.AtMostOnceMayLose"/> does not start.
    /// </summary>
    public bool DeliversAtMostOnce { get; init; }
}
