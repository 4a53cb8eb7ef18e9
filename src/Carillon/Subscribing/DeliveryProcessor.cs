using System.Runtime.CompilerServices;
using Carillon.DeadLetters;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Takes one delivery from its arrival to its settlement: reads it, has it handled, and when that fails sets it aside. Whatever happens,
/// it ends acknowledged (handled or safely parked) or returned; nothing is ever given up.
/// </summary>
internal sealed class DeliveryProcessor(
    MessageReader reader, AttemptRunner attempts, SubscriptionParking parking, DeliveryBudget budget, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Processes a delivery until it is finished. It is returned only when its lane was taken away: to return it at any other time would let
    /// later messages of its key go first.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ProcessAsync(LaneDelivery item, LaneWorker worker, DeliveryContext context)
    {
        while (true)
        {
            // Taken before the look at the lane: whoever takes a lane away marks it first and cancels then, so that one of the two is noticed.
            var cancellation = worker.Cancellation;
            context.Patience = worker.Patience;
            if (item.Lane.IsRevoked)
            {
                SubscribingLog.Interrupted(logger, item.Delivery.Envelope.Id, context.Subscription);
                budget.Settle(item.Delivery, isFinished: false);
                return;
            }

            if (await TryFinishAsync(item.Delivery, context, cancellation))
                break;
        }

        budget.Settle(item.Delivery, isFinished: true);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TryFinishAsync(Delivery delivery, DeliveryContext context, CancellationToken cancellation)
    {
        try
        {
            await FinishAsync(delivery, context, cancellation);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested || context.Patience.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error)
        {
            SubscribingLog.ProcessingFailed(logger, delivery.Envelope.Id, context.Subscription, error);
            await Task.Delay(PauseAfterError, time, CancellationToken.None);
            return false;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(Delivery delivery, DeliveryContext context, CancellationToken cancellation)
    {
        if (delivery is RecountDelivery)
        {
            await parking.RecountAsync(delivery, cancellation);
            return;
        }

        if (parking.IsHeldUp(delivery))
        {
            await parking.ParkBehindAsync(delivery, cancellation);
            return;
        }

        if (reader.Read(delivery.Envelope, out var route, out var message) is { } defect)
        {
            if (defect.Code == ErrorCodes.TypeNameOnWire)
                SubscribingLog.TypeNameOnWire(logger, context.Subscription, delivery.Envelope.Id, delivery.Envelope.Source);
            await parking.BuryAsync(delivery, defect.Code, defect.Detail, [], cancellation);
        }
        else if (route is not null && await attempts.RunAsync(delivery, route, new HandledMessage(message), context, cancellation) is { } failure)
            await parking.SetAsideAsync(delivery, failure, cancellation);
        else
            await parking.CompleteAsync(delivery, cancellation);
    }
}
