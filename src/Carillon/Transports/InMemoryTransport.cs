namespace Carillon.Transports;

/// <summary>One service's way to the <see cref="InMemoryBroker"/> that it shares with the other services of the host.</summary>
internal sealed class InMemoryTransport(InMemoryBroker broker, InMemoryOptions options, TimeProvider time) : ITransport
{
    public TransportCapabilities Capabilities { get; } = new()
    {
        Name = "in memory",
        System = "in_memory",
        IsDurable = false,
        IsShared = false,
        KeepsKeyOrder = true,
        KeepsHistory = false,
    };

    public ValueTask EnsureTopologyAsync(Topology topology, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        broker.Declare(topology, options);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<ITransportSender>(new InMemorySender(broker, options, time));
    }

    public ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<ITransportReceiver>(new InMemoryReceiver(broker.Find(subscription.Name), options.HandoverTimeout, time));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
