using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Carillon.Subscribing;

/// <summary>One of the loops that handle messages: takes a lane, handles its first message, gives the lane back.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and whoever cancels it may do so at any moment.")]
internal sealed class LaneWorker(LaneScheduler scheduler, DeliveryProcessor processor, BatchProcessor batches, DeliveryContext context)
    : IValueTaskSource<Lane?>
{
    private ManualResetValueTaskSourceCore<Lane?> _lane = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenSource _cancellation = new();

    /// <summary>The handler that runs or ran last, for people who wonder why a stop takes long.</summary>
    public string? Handler => context.Handler?.Name;

    /// <summary>Runs until the scheduler is closed and no lane is left.</summary>
    public async Task RunAsync()
    {
        await Task.Yield();
        context.Enter();
        while (true)
        {
            _lane.Reset();
            var lane = scheduler.TryTake(this, out var ready) ? ready : await new ValueTask<Lane?>(this, _lane.Version);
            if (lane is null)
                return;
            if (scheduler.TryTakeFirst(lane, out var delivery))
                await HandleAsync(new LaneDelivery(lane, delivery));
            else
                scheduler.Release(lane);
        }
    }

    /// <summary>Hands over a lane, or null for the end. Called once for each time the worker went idle.</summary>
    public void Wake(Lane? lane) => _lane.SetResult(lane);

    /// <summary>Cancelled when the worker is to leave what it handles right now. A new one after each time.</summary>
    public CancellationToken Cancellation
    {
        get
        {
            if (_cancellation.IsCancellationRequested)
                Volatile.Write(ref _cancellation, new CancellationTokenSource());
            return _cancellation.Token;
        }
    }

    /// <summary>Cancels what the worker handles right now.</summary>
    public void Cancel() => Volatile.Read(ref _cancellation).Cancel();

    Lane? IValueTaskSource<Lane?>.GetResult(short token) => _lane.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<Lane?>.GetStatus(short token) => _lane.GetStatus(token);

    void IValueTaskSource<Lane?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _lane.OnCompleted(continuation, state, token, flags);

    private ValueTask HandleAsync(LaneDelivery item) =>
        batches.IsForBatch(item.Delivery) ? batches.HandleAsync(item, this, context) : HandleOneAsync(item);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HandleOneAsync(LaneDelivery item)
    {
        await processor.ProcessAsync(item, this, context);
        scheduler.Release(item.Lane);
    }
}
