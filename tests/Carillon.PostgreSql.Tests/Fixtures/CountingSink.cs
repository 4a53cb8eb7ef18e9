using Carillon.Transports;

namespace Carillon.PostgreSql.Tests;

/// <summary>A runtime with room for a thousand messages that finishes each at once and only counts them.</summary>
internal sealed class CountingSink(Action delivered) : IDeliverySink
{
    public ValueTask<int> WaitForRoomAsync(CancellationToken cancellation) => ValueTask.FromResult(1000);

    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            delivered();
            delivery.Acknowledge();
        }
    }

    public ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline) => ValueTask.CompletedTask;

    public void Lose(Delivery delivery)
    {
    }

    public void Lose(IReadOnlyCollection<AssignedPartition> partitions)
    {
    }
}
