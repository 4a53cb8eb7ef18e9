using System.Collections.Concurrent;
using Carillon.Transports;

namespace Carillon.Tests.Transports;

/// <summary>A sink whose handlers never finish: it lets go of partitions only when the deadline tells it to, and returns nothing.</summary>
internal sealed class StubbornSink : IDeliverySink
{
    private readonly TaskCompletionSource _revoking = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<Delivery> Held { get; } = new();

    /// <summary>Whether it ends the revocation with an exception instead of returning from it.</summary>
    public bool Throws { get; init; }

    public Task Full => _full.Task;

    /// <summary>Completes when partitions are being revoked.</summary>
    public Task Revoking => _revoking.Task;

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

    public async ValueTask RevokeAsync(IReadOnlyCollection<string> partitions, CancellationToken deadline)
    {
        _revoking.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, deadline);
        }
        catch (OperationCanceledException) when (!Throws)
        {
            return;
        }
    }
}
