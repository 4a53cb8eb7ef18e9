using Carillon.Parking;
using Carillon.Routing;
using Carillon.Serialization;
using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>
/// Handles several messages in one call: what waits for the same handler, each key in its order. When the call fails, each message is
/// handled by itself, so that a bad one harms no other (G6).
/// </summary>
internal sealed class BatchProcessor(
    LaneScheduler scheduler, MessageReader reader, AttemptRunner attempts, DeadlyMessages deadly, SubscriptionParking parking, DeliveryBudget budget)
{
    public bool IsForBatch(LaneDelivery item) => !item.Lane.IsTakenAlone && MayBeInBatch(item.Delivery) && reader.FindBatch(item.Delivery.Envelope) is not null;

    public async ValueTask HandleAsync(LaneDelivery first, LaneWorker worker, DeliveryContext context)
    {
        var route = reader.FindBatch(first.Delivery.Envelope)!;
        var batch = new List<LaneDelivery> { first };
        scheduler.TakeMore(worker, batch, route.BatchSize, route.BatchSize, delivery => MayBeInBatch(delivery) && ReferenceEquals(reader.FindBatch(delivery.Envelope), route));
        var cancellation = worker.Cancellation;
        context.Worker = worker;
        context.Patience = worker.Patience;
        if (!batch.Exists(static item => item.Lane.IsWithdrawn) && !attempts.IsWaiting(route) && await TryTogetherAsync(batch, route, context, cancellation))
        {
            foreach (var (_, delivery) in batch)
                budget.Settle(delivery, isFinished: true);
        }
        else
        {
            PutBack(batch);
        }

        foreach (var lane in batch.Select(item => item.Lane).Distinct())
            scheduler.Release(lane);
    }

    private bool MayBeInBatch(Delivery delivery) => delivery is not ParkedDelivery && !parking.Partitions.Copies.Contains(delivery) && !deadly.IsSuspect(delivery);

    /// <summary>Each lane goes on by itself: neither a bad message nor a lane that is taken away holds up the others.</summary>
    private void PutBack(List<LaneDelivery> batch)
    {
        foreach (var ofLane in batch.GroupBy(item => item.Lane, item => item.Delivery))
        {
            if (scheduler.TryPutBack(ofLane.Key, ofLane))
                continue;
            foreach (var delivery in ofLane)
                budget.Settle(delivery, isFinished: false);
        }
    }

    /// <summary>Handles the batch in one call, if every message of it is fit for that.</summary>
    /// <returns>Whether it was handled; otherwise nothing was settled.</returns>
    private async ValueTask<bool> TryTogetherAsync(
        List<LaneDelivery> batch, MessageRoute route, DeliveryContext context, CancellationToken cancellation)
    {
        try
        {
            var messages = new object[batch.Count];
            for (var i = 0; i < messages.Length; i++)
            {
                // Nothing is handled whose failure could not be kept.
                _ = parking.Partitions.OwnerOf(batch[i].Delivery.Partition);
                if (!IsFit(batch[i].Delivery, out var message))
                    return false;
                messages[i] = message!;
            }

            var first = batch[0].Delivery;
            var handled = new HandledMessage(messages[0], route.Handlers[0].CreateBatch(messages));
            var error = await attempts.TryOnceAsync([.. batch.Select(item => item.Delivery)], route, handled, first.EarlierDeliveries + 1, context, cancellation);
            if (error is MessageRejectedException { Code: ErrorCodes.TransactionEnded } ended)
                return await BuryAsync(batch, ended, context, cancellation);
            if (error is not null)
                return false;
            attempts.Succeeded(route, batch.Count);
            return true;
        }
        catch (Exception)
        {
            // Taken away, or broken in a way that each message meets by itself, and there it is recorded.
            return false;
        }
    }

    /// <summary>Makes all of them dead letters: their marks may be committed, so that each would be taken for handled, were it tried by itself.</summary>
    private async ValueTask<bool> BuryAsync(List<LaneDelivery> batch, MessageRejectedException ended, DeliveryContext context, CancellationToken cancellation)
    {
        foreach (var (_, delivery) in batch)
            await parking.In(context.Worker).BuryAsync(delivery, ended.Code, ended.Detail, [attempts.Record(delivery, context, ended)], ended, cancellation);
        return true;
    }

    /// <summary>A message that is parked, held up, broken or filtered out is dealt with by itself.</summary>
    private bool IsFit(Delivery delivery, out object? message)
    {
        message = null;
        return delivery is not ParkedDelivery && !parking.IsHeldUp(delivery)
            && reader.Read(delivery.Envelope, out var route, out message) is null && message is not null && route!.Accepts(message);
    }
}
