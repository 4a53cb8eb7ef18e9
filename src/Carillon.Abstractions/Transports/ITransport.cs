namespace Carillon.Transports;

/// <summary>
/// Moves messages between services: one connection to one broker, file or memory. The runtime owns retry, order, dead letters and
/// back-pressure; a transport owns its connection and its reconnect loop, and hands over messages as it found them.
/// </summary>
/// <remarks>
/// One instance serves one service of one process. <see cref="EnsureTopologyAsync"/> is called first and once; senders and receivers
/// are opened after it, and disposed before the transport is. No member is called twice at once, except on different objects.
/// Exceptions are not swallowed: the runtime decides what a failure means.
/// </remarks>
public interface ITransport : IAsyncDisposable
{
    /// <summary>What this transport can do by itself. Constant for the lifetime of the instance.</summary>
    TransportCapabilities Capabilities { get; }

    /// <summary>
    /// Makes sure that the service's subscriptions exist, durably where the transport is durable: from the moment this completes, every
    /// message published by anyone is kept for them. Idempotent.
    /// </summary>
    /// <remarks>
    /// What belongs to a subscription is what is stored about it: topics are added, and a topic that this instance does not declare stays as
    /// long as another one does, and for <see cref="SubscriptionTopology.UnhandledRetention"/> after the last one did. A command may move
    /// between two subscriptions of one service; the newest declaration decides.
    /// </remarks>
    /// <exception cref="CarillonConfigurationException">
    /// What exists contradicts the topology, among others <see cref="ErrorCodes.CommandHandledTwice"/>.
    /// </exception>
    ValueTask EnsureTopologyAsync(Topology topology, CancellationToken cancellation);

    /// <summary>Opens the one sender of the service.</summary>
    ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation);

    /// <summary>Opens a receiver for one of the subscriptions of the topology. It does not receive before it is started.</summary>
    ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation);
}
