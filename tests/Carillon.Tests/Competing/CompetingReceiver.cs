using System.Threading.Channels;
using Carillon.Transports;

namespace Carillon.Tests.Competing;

/// <summary>Takes one message after the other for one of several instances.</summary>
internal sealed class CompetingReceiver(Channel<Envelope> queue) : ITransportReceiver
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public async ValueTask StartAsync(IDeliverySink sink, CancellationToken cancellation)
    {
        await sink.AssignAsync([.. Partitions.All.Select(static partition => new AssignedPartition(partition))], cancellation);
        _loop = ReceiveAsync(sink);
    }

    public async ValueTask StopAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    public ValueTask DisposeAsync() => StopAsync(CancellationToken.None);

    private async Task ReceiveAsync(IDeliverySink sink)
    {
        try
        {
            while (true)
            {
                await sink.WaitForRoomAsync(_stopping.Token);
                sink.Deliver([new CompetingDelivery(queue, await queue.Reader.ReadAsync(_stopping.Token))]);
            }
        }
        catch (OperationCanceledException)
        {
            // It is stopped.
        }
    }

    private sealed class CompetingDelivery : Delivery
    {
        private readonly Channel<Envelope> _queue;

        public CompetingDelivery(Channel<Envelope> queue, Envelope message)
        {
            _queue = queue;
            Set(message);
        }

        public override void Acknowledge()
        {
        }

        public override void Return() => _queue.Writer.TryWrite(Envelope);
    }
}
