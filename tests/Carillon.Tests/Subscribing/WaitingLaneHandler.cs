using Carillon.Subscribing;

namespace Carillon.Tests.Subscribing;

/// <summary>Does what the key of a delivery says: it works, blocks the worker, lends its place while it waits, or breaks.</summary>
internal sealed class WaitingLaneHandler(LaneScheduler scheduler, DeliveryBudget budget) : ILaneHandler
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _waitingOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _blockingOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;
    private int _working;

    public string? Current => "waiting";

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many block their worker.</summary>
    public int Blocked { get; private set; }

    /// <summary>The most that worked at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The most that worked at once since nobody blocks any more.</summary>
    public int MostAtOnceSince { get; private set; }

    public void EndWaiting() => _waitingOver.TrySetResult();

    public void EndBlocking() => _blockingOver.TrySetResult();

    public async ValueTask HandleAsync(LaneDelivery item, LaneWorker worker)
    {
        var what = item.Delivery.Envelope.Key!;
        var patience = worker.Patience;
        if (what.StartsWith("breaks", StringComparison.Ordinal))
            throw new InvalidOperationException("broken");
        if (what.StartsWith("waits", StringComparison.Ordinal))
            await worker.WaitAsync(WaitAsync, patience);
        if (!item.Lane.IsWithdrawn)
            await WorkAsync(what);
        budget.Settle(item.Delivery, isFinished: !item.Lane.IsWithdrawn);
        scheduler.Release(item.Lane);
    }

    private async ValueTask<bool> WaitAsync(CancellationToken patience)
    {
        Interlocked.Increment(ref _waiting);
        await _waitingOver.Task.WaitAsync(patience);
        Interlocked.Decrement(ref _waiting);
        return true;
    }

    private async Task WorkAsync(string what)
    {
        var isBlocking = what.StartsWith("blocks", StringComparison.Ordinal);
        lock (_gate)
        {
            _working++;
            Blocked += isBlocking ? 1 : 0;
            MostAtOnce = Math.Max(MostAtOnce, _working);
            if (_blockingOver.Task.IsCompleted)
                MostAtOnceSince = Math.Max(MostAtOnceSince, _working);
        }

        if (isBlocking)
            await _blockingOver.Task;
        await Task.Yield();
        lock (_gate)
            _working--;
    }
}
