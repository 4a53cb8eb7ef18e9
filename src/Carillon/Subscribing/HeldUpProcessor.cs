using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>Parks what waits in the lanes of keys that are held up, many messages in one write, behind what is parked of their keys.</summary>
internal sealed class HeldUpProcessor(
    string subscription, LaneScheduler scheduler, SubscriptionParking parking, DeliveryBudget budget, TimeProvider time, ILogger logger)
{
    private const int MostAtOnce = 512;
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Parks a delivery of a key that is held up, with what follows it and what waits of other such keys. What was not parked, because its key is free by now, goes
    /// back to the head of its lane, to be handled like any other, by whoever is idle.
    /// </summary>
    public async ValueTask ParkAsync(LaneDelivery first, LaneWorker worker)
    {
        var partition = first.Delivery.Partition;
        var waiting = new List<LaneDelivery> { first };
        scheduler.TakeMore(worker, waiting, MostAtOnce, MostAtOnce, delivery => delivery.Partition == partition && parking.IsHeldUp(delivery) && !parking.Partitions.Copies.Contains(delivery));
        Lane[] lanes = [.. waiting.Select(static item => item.Lane).Distinct()];
        while (waiting.Count > 0)
        {
            var (cancellation, patience) = (worker.Cancellation, worker.Patience);
            Return(waiting);
            if (waiting.Count > 0 && await TryParkAsync(waiting, worker, cancellation, patience) is { } heldUp)
            {
                // A delivery that is settled is its transport's again.
                LaneDelivery[] parked = [.. waiting.Where(item => heldUp[item.Delivery.Envelope.Key!])];
                waiting.RemoveAll(item => heldUp[item.Delivery.Envelope.Key!]);
                foreach (var (_, delivery) in parked)
                    budget.Settle(delivery, isFinished: true);
                break;
            }
        }

        foreach (var free in waiting.GroupBy(static item => item.Lane, static item => item.Delivery))
            PutBack(free.Key, free);
        foreach (var lane in lanes)
            scheduler.Release(lane);
    }

    private void PutBack(Lane lane, IEnumerable<Delivery> free)
    {
        if (scheduler.TryPutBack(lane, free, areAlone: false))
            return;
        foreach (var delivery in free)
            budget.Settle(delivery, isFinished: false);
    }

    private void Return(List<LaneDelivery> waiting)
    {
        LaneDelivery[] withdrawn = [.. waiting.Where(static item => item.Lane.IsWithdrawn)];
        waiting.RemoveAll(withdrawn.Contains);
        foreach (var (_, delivery) in withdrawn)
            budget.Settle(delivery, isFinished: false);
    }

    private async ValueTask<IReadOnlyDictionary<string, bool>?> TryParkAsync(
        List<LaneDelivery> waiting, LaneWorker worker, CancellationToken cancellation, CancellationToken patience)
    {
        try
        {
            return await parking.In(worker).ParkBehindAsync([.. waiting.Select(static item => item.Delivery)], cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error) when (Parking.PartitionTakenOver.Says(error))
        {
            await worker.WaitAsync(given => parking.Partitions.RegainAsync(waiting[0].Delivery.Partition, given), patience);
            return null;
        }
        catch (Exception error)
        {
            SubscribingLog.ProcessingFailed(logger, waiting[0].Delivery.Envelope.Id, subscription, LoggableException.Of(error));
            await Task.Delay(PauseAfterError, time, CancellationToken.None);
            return null;
        }
    }
}
