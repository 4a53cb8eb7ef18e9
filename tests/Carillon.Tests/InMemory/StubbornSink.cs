using System.Collections.Concurrent;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

/// <summary>A sink whose handlers finish when they are let, whatever a deadline says, and which returns nothing.</summary>
internal sealed class StubbornSink : IDeliverySink
{
    private readonly TaskCompletionSource _revoking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _overdue = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<Delivery> Held { get; } = new();

    /// <summary>How often revoking fails before it begins to wait.</summary>
    public int RevocationFailures { get; set; }

    public Task Full => _full.Task;

    /// <summary>Completes when partitions are being revoked.</summary>
    public Task Revoking => _revoking.Task;

    /// <summary>Completes when a partition is to be let go at last.</summary>
    public Task Overdue => _overdue.Task;

    /// <summary>Lets the handlers finish.</summary>
    public void Finish()
    {
        foreach (var delivery in Held)
            delivery.Acknowledge();
        _finished.TrySetResult();
    }

    public async ValueTask<int> WaitForRoomAsync(CancellationToken cancellation)
    {
        if (Held.Count >= 64)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        return 64 - Held.Count;
    }

    public void Deliver(ReadOnlySpan<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
            Held.Enqueue(delivery);
        if (Held.Count >= 64)
            _full.TrySetResult();
    }

    public ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation) => ValueTask.CompletedTask;

    public async ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline)
    {
        _revoking.TrySetResult();
        if (RevocationFailures-- > 0)
            throw new IOException("not now");
        await using var overdue = deadline.Register(() => _overdue.TrySetResult());
        await _finished.Task;
    }

    public void Lose(Delivery delivery)
    {
    }

    public void Lose(IReadOnlyCollection<AssignedPartition> partitions)
    {
    }
}
