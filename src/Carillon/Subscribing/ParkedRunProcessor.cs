using Carillon.Diagnostics;
using Carillon.Parking;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Handles parked messages of one key that were claimed together, one after the other, and writes down together what is finished. The run ends where a
/// message is set aside again, and when it has taken a while: then the rest goes back to the store.
/// </summary>
internal sealed class ParkedRunProcessor(
    string subscription, LaneScheduler scheduler, DeliveryProcessor single, SubscriptionParking parking, DeliveryBudget budget, TimeProvider time, ILogger logger)
{
    // What was handled in this time is handled again when the process dies before it is written down.
    private static readonly TimeSpan LongestTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);

    public async ValueTask HandleAsync(LaneDelivery first, LaneWorker worker, DeliveryContext context)
    {
        var parked = (ParkedDelivery)first.Delivery;
        var began = time.GetTimestamp();
        var next = first;
        while (true)
        {
            await single.ProcessAsync(next, worker, context);
            if (parked.Run.IsBroken || time.GetElapsedTime(began) > LongestTime || !TryTakeNext(first.Lane, parked.Run, out next))
                break;
        }

        await WriteDownAsync(first.Lane, parked, worker);
        parked.Run.Clear(areWritten: false);
        foreach (var left in scheduler.TakeRest(first.Lane, parked.Run))
            budget.Settle(left, isFinished: false);
        scheduler.Release(first.Lane);
    }

    private bool TryTakeNext(Lane lane, ParkedRun run, out LaneDelivery next)
    {
        var isTaken = scheduler.TryTakeFirst(lane, delivery => delivery is ParkedDelivery parked && parked.Run == run, out var delivery);
        next = isTaken ? new LaneDelivery(lane, delivery!) : default;
        return isTaken;
    }

    /// <summary>Writes down what is finished. When the lane is taken away first, and there is no time, it is handled again by whoever gets it.</summary>
    private async ValueTask WriteDownAsync(Lane lane, ParkedDelivery parked, LaneWorker worker)
    {
        for (var isOver = false; !isOver;)
        {
            var (cancellation, patience) = (worker.Cancellation, worker.Patience);
            var isWithdrawn = lane.IsWithdrawn;
            try
            {
                await parking.In(worker).WriteDownAsync(parked, cancellation);
                return;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                isOver = lane.IsWithdrawn;
            }
            catch (Exception error) when (Parking.PartitionTakenOver.Says(error))
            {
                isOver = isWithdrawn;
                if (!isOver)
                    await worker.WaitAsync(given => parking.Partitions.RegainAsync(parked.Partition, given), patience);
            }
            catch (Exception error)
            {
                SubscribingLog.ProcessingFailed(logger, parked.Envelope.Id, subscription, LoggableException.Of(error));
                await Task.Delay(PauseAfterError, time, CancellationToken.None);
                isOver = isWithdrawn;
            }
        }
    }
}
