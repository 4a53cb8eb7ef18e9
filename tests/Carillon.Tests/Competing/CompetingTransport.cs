using System.Threading.Channels;
using Carillon.Transports;

namespace Carillon.Tests.Competing;

/// <summary>A queue without partitions from which all instances take what comes next: no key has one owner.</summary>
internal sealed class CompetingTransport(Channel<Envelope> queue) : ITransport, ITransportSender
{
    public TransportCapabilities Capabilities { get; } = new()
    {
        Name = "competing",
        System = "competing",
        IsDurable = false,
        IsShared = true,
        KeepsKeyOrder = false,
        SharesRoomAmongKeys = false,
        KeepsHistory = false,
    };

    public ValueTask EnsureTopologyAsync(Topology topology, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask<ITransportSender> OpenSenderAsync(CancellationToken cancellation) => new(this);

    public ValueTask<ITransportReceiver> OpenReceiverAsync(SubscriptionTopology subscription, CancellationToken cancellation) => new(new CompetingReceiver(queue));

    public async ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        foreach (var message in batch.ToArray())
            await queue.Writer.WriteAsync(message, cancellation);
        return null;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
