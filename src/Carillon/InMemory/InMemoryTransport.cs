using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>One service's way to the <see cref="InMemoryBroker"/> that it shares with the other services of the host.</summary>
internal sealed class InMemoryTransport(InMemoryBroker broker, InMemoryOptions options, TimeProvider time) : ITransport, ISubscriptions
{
    public TransportCapabilities Capabilities { get; } = new()
    {
        Name = "in memory",
        System = "in_memory",
        IsDurable = false,
        IsShared = false,
        KeepsKeyOrder = true,
        SharesRoomAmongKeys = true,
        KeepsHistory = false,
        DeliversAtMostOnce = true,
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

    public ValueTask RetireAsync(string service, string subscription, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        broker.Retire(service, subscription);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
