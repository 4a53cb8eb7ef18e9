using System.Runtime.CompilerServices;
using Carillon.Parking;

namespace Carillon.Subscribing;

/// <summary>Has the first message of a lane handled by the service's handlers, together with others where they take several in one call.</summary>
internal sealed class MessageLaneHandler(
    LaneScheduler scheduler, SubscriptionParking parking, DeliveryBudget budget, DeliveryProcessor processor, BatchProcessor batches, ParkedRunProcessor runs, HeldUpProcessor heldUp, DeliveryContext context)
    : ILaneHandler
{
    public string? Current => context.Handler?.Name;

    public ValueTask HandleAsync(LaneDelivery item, LaneWorker worker)
    {
        if (item.Delivery is ParkedDelivery)
            return runs.HandleAsync(item, worker, context);
        if (parking.Partitions.Copies.Take(item.Delivery))
            return Drop(item);
        if (parking.IsHeldUp(item.Delivery))
            return heldUp.ParkAsync(item, worker);
        return batches.IsForBatch(item) ? batches.HandleAsync(item, worker, context) : HandleOneAsync(item, worker);
    }

    private ValueTask Drop(LaneDelivery copy)
    {
        budget.Settle(copy.Delivery, isFinished: true);
        scheduler.Release(copy.Lane);
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HandleOneAsync(LaneDelivery item, LaneWorker worker)
    {
        await processor.ProcessAsync(item, worker, context);
        scheduler.Release(item.Lane);
    }
}
