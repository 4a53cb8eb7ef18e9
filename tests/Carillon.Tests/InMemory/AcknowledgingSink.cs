using Carillon.Transports;

namespace Carillon.Tests.InMemory;

/// <summary>A sink that always has room, acknowledges at once and only counts, so that whatever is allocated is the transport's.</summary>
internal sealed class AcknowledgingSink : IDeliverySink
{
    private long _count;

    /// <summary>How often it still fails to take partitions on.</summary>
    public int AssignmentFailures { get; set; }

    public long Count => Interlocked.Read(ref _count);

    public ValueTask<int> WaitForRoomAsync(CancellationToken cancellation) => new(1000);

    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
            delivery.Acknowledge();
        Interlocked.Add(ref _count, deliveries.Length);
    }

    public ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation) =>
        AssignmentFailures-- > 0 ? throw new IOException("the store is away") : ValueTask.CompletedTask;

    public ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline) => ValueTask.CompletedTask;

    public void Lose(Delivery delivery)
    {
    }

    public void Lose(IReadOnlyCollection<AssignedPartition> partitions)
    {
    }
}
