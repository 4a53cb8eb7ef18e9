using Carillon.InMemory;
using Carillon.Transports;

namespace Carillon.Tests.Relaying;

/// <summary>The in-memory transport, behind a line that does to each batch what the test says.</summary>
internal sealed class UnreliableTransport(InMemoryBroker broker) : ITransport
{
    private readonly InMemoryTransport _transport = new(broker, new InMemoryOptions(), TimeProvider.System);
    private int _batches;
    private int _largest;

    /// <summary>What becomes of a batch, given the way to have it stored. Default: it is stored.</summary>
    public Func<ReadOnlyMemory<Envelope>, Store, CancellationToken, ValueTask<IReadOnlyList<SendFailure>?>> Answer { get; set; } =
        static (batch, store, _) => store(batch);

    public delegate ValueTask<IReadOnlyList<SendFailure>?> Store(ReadOnlyMemory<Envelope> batch);

    /// <summary>How many batches the relay has tried to send.</summary>
    public int Batches => Volatile.Read(ref _batches);

    /// <summary>The most messages of one batch.</summary>
    public int Largest => Volatile.Read(ref _largest);

    public TransportCapabilities Capabilities => _transport.Capabilities;

    public ValueTask EnsureTopologyAsync(Topology topology, CancellationToken cancellation) => _transport.EnsureTopologyAsync(topology, cancellation);

    public async ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation) =>
        new Sender(this, await _transport.OpenSenderAsync(cancellation));

    public ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation) =>
        _transport.OpenReceiverAsync(subscription, cancellation);

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    private sealed class Sender(UnreliableTransport transport, ITransportSender sender) : ITransportSender
    {
        public ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
        {
            Interlocked.Increment(ref transport._batches);
            Volatile.Write(ref transport._largest, Math.Max(transport._largest, batch.Length));
            return transport.Answer(batch, stored => sender.SendAsync(stored, CancellationToken.None), cancellation);
        }

        public ValueTask DisposeAsync() => sender.DisposeAsync();
    }
}
