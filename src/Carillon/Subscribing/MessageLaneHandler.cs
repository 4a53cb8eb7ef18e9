using System.Runtime.CompilerServices;

namespace Carillon.Subscribing;

/// <summary>Has the first message of a lane handled by the service's handlers, together with others where they take several in one call.</summary>
internal sealed class MessageLaneHandler(LaneScheduler scheduler, DeliveryProcessor processor, BatchProcessor batches, DeliveryContext context) : ILaneHandler
{
    public string? Current => context.Handler?.Name;

    public void Enter() => context.Enter();

    public ValueTask HandleAsync(LaneDelivery item, LaneWorker worker) =>
        batches.IsForBatch(item) ? batches.HandleAsync(item, worker, context) : HandleOneAsync(item, worker);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HandleOneAsync(LaneDelivery item, LaneWorker worker)
    {
        await processor.ProcessAsync(item, worker, context);
        scheduler.Release(item.Lane);
    }
}
