using Carillon.Durability;
using Carillon.InMemory;
using Carillon.Transports;

namespace Carillon.Tests.Relaying;

/// <summary>An outbox that is a broker of its own: it outlives the hosts of a test as a table would.</summary>
internal sealed class InMemoryOutbox(InMemoryBroker broker) : IOutbox
{
    private readonly InMemoryTransport _transport = new(broker, new InMemoryOptions(), TimeProvider.System);

    /// <summary>What the store says about its oldest message.</summary>
    public Func<DateTimeOffset?> Oldest { get; set; } = () => null;

    public TransportCapabilities Capabilities => _transport.Capabilities;

    public ValueTask<DateTimeOffset?> FindOldestUnsentAsync(string service, CancellationToken cancellation) => new(Oldest());

    public ValueTask EnsureTopologyAsync(Topology topology, CancellationToken cancellation) => _transport.EnsureTopologyAsync(topology, cancellation);

    public ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation) => _transport.OpenSenderAsync(cancellation);

    public ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation) =>
        _transport.OpenReceiverAsync(subscription, cancellation);

    public ValueTask DisposeAsync() => _transport.DisposeAsync();
}
