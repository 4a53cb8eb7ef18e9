using System.Collections.Concurrent;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

/// <summary>Takes whatever comes and settles nothing by itself.</summary>
internal sealed class KeepingSink : IDeliverySink
{
    private readonly ConcurrentQueue<Delivery> _held = new();
    private int _asked;

    public IReadOnlyList<Delivery> Held => [.. _held];

    /// <summary>How often it was asked for room: once more than it was given something, when there is nothing more.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public ValueTask<int> WaitForRoomAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        return new ValueTask<int>(100);
    }

    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
            _held.Enqueue(delivery);
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
