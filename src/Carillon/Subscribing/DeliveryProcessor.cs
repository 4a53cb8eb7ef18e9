using System.Runtime.CompilerServices;
using Carillon.Diagnostics;
using Carillon.Parking;
using Carillon.Retrying;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Takes one delivery from its arrival to its settlement: reads it, has it handled, and when that fails sets it aside. Whatever happens,
/// it ends acknowledged (handled or safely parked) or returned; nothing is ever given up.
/// </summary>
internal sealed class DeliveryProcessor(
    MessageReader reader, AttemptRunner attempts, DeadlyMessages deadly, SubscriptionParking parking, OtherInstances others, DeliveryBudget budget, TimeProvider time, ILogger logger)
{
    private const int MostFailures = 10;
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Processes a delivery until it is finished. It is returned only when its lane was taken away: to return it at any other time would let
    /// later messages of its key go first.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ProcessAsync(LaneDelivery item, LaneWorker worker, DeliveryContext context)
    {
        var failures = 0;
        Exception? lastFailure = null;
        context.Worker = worker;
        while (true)
        {
            context.Patience = worker.Patience;
            if (item.Lane.IsWithdrawn)
            {
                SubscribingLog.Interrupted(logger, item.Delivery.Envelope.Id, context.Subscription);
                budget.Settle(item.Delivery, isFinished: false);
                return;
            }

            var error = await TryFinishAsync(item, worker, context, failures >= MostFailures ? lastFailure : null);
            if (error is null)
                break;
            if (error is OperationCanceledException)
                continue;
            (failures, lastFailure) = (failures + 1, error);
            SubscribingLog.ProcessingFailed(logger, item.Delivery.Envelope.Id, context.Subscription, LoggableException.Of(error));
            await Task.Delay(PauseAfterError, time, CancellationToken.None);
        }

        budget.Settle(item.Delivery, isFinished: true);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Exception?> TryFinishAsync(LaneDelivery item, LaneWorker worker, DeliveryContext context, Exception? defect)
    {
        try
        {
            return await TryFinishOrLeaveAsync(item, worker, context, defect) ? null : new OperationCanceledException("Another instance handles it.");
        }
        catch (OperationCanceledException interrupted) when (item.Lane.IsWithdrawn || context.Patience.IsCancellationRequested)
        {
            return interrupted;
        }
        catch (Exception refused) when (PartitionTakenOver.Says(refused))
        {
            await RegainAsync(item.Delivery.Partition, worker, context);
            return new OperationCanceledException("The partition had another owner.", refused);
        }
        catch (Exception error)
        {
            return error is OperationCanceledException ? new InvalidOperationException("What was not cancelled ended as if it were.", error) : error;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TryFinishOrLeaveAsync(LaneDelivery item, LaneWorker worker, DeliveryContext context, Exception? unforeseen)
    {
        var delivery = item.Delivery;
        var cancellation = worker.BeginFor(item.Lane);
        // Nothing is handled whose failure could not be kept.
        _ = parking.Partitions.OwnerOf(delivery.Partition);
        if (parking.IsHeldUp(delivery) && (await parking.In(worker).ParkBehindAsync([delivery], cancellation))[delivery.Envelope.Key!])
            return true;
        if (unforeseen is not null)
        {
            if (await TryLeaveAsync(delivery, worker, context))
                return false;
            await BuryAsync(delivery, unforeseen, worker, cancellation);
            return true;
        }

        return deadly.IsSuspect(delivery) ? await HandleSuspectAsync(item, worker, context) : await HandleAsync(item, worker, context, suspect: null);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> HandleAsync(LaneDelivery item, LaneWorker worker, DeliveryContext context, SuspectStart? suspect)
    {
        var delivery = item.Delivery;
        var defect = reader.Read(EnvelopeOf(delivery), out var route, out var message);
        if (defect is not null || route is null)
        {
            // What only waits for another instance is not to blame when this one dies meanwhile.
            if (suspect is not null)
                await deadly.EndAsync(suspect, delivery, worker.Cancellation);
            return await TryFinishUnhandledAsync(delivery, defect, worker, context, worker.BeginFor(item.Lane));
        }

        if (await attempts.RunAsync(item, worker, route, new HandledMessage(message), context) is { } failure)
            await parking.In(worker).SetAsideAsync(delivery, failure, worker.BeginFor(item.Lane));
        else
            SubscriptionParking.Complete(delivery);
        return true;
    }

    /// <summary>Finishes a message that cannot or need not be handled here, unless another instance is for it.</summary>
    private async ValueTask<bool> TryFinishUnhandledAsync(Delivery delivery, EnvelopeDefect? defect, LaneWorker worker, DeliveryContext context, CancellationToken cancellation)
    {
        // The receiver stops before what others handle; but what it has handed over may wait here for one that comes back.
        var isIgnored = defect is null;
        if ((!isIgnored || delivery is ParkedDelivery || others.AreFor(delivery)) && await TryLeaveAsync(delivery, worker, context))
            return false;
        // What was handled once, and failed, is nothing that nobody ever handles.
        if (isIgnored && WasHandled(delivery))
            defect = reader.Describe(delivery.Envelope);
        if (defect is not { } found)
        {
            SubscriptionParking.Complete(delivery);
        }
        else if (found.Code == ErrorCodes.UnknownType)
        {
            await parking.In(worker).SetAsideUnhandledAsync(delivery, found.Detail, cancellation);
        }
        else
        {
            if (found.Code == ErrorCodes.TypeNameOnWire)
                SubscribingLog.TypeNameOnWire(logger, context.Subscription, delivery.Envelope.Id, delivery.Envelope.Source);
            await parking.In(worker).BuryAsync(delivery, found.Code, found.Detail, RetrySchedule.EarlierAttempts(delivery), cancellation);
        }

        return true;
    }

    private ValueTask<bool> TryLeaveAsync(Delivery delivery, LaneWorker worker, DeliveryContext context) =>
        worker.WaitAsync(patience => others.TryLeaveAsync(delivery, patience), context.Patience);

    private ValueTask RegainAsync(string partition, LaneWorker worker, DeliveryContext context) =>
        worker.WaitAsync(patience => parking.Partitions.RegainAsync(partition, patience), context.Patience);

    private static bool WasHandled(Delivery delivery) => delivery is ParkedDelivery { Parked: { IsReplayed: true } or { Attempts.Count: > 0 } };

    /// <summary>Handles a message that may have killed its process; reading it runs code of the user too.</summary>
    private async ValueTask<bool> HandleSuspectAsync(LaneDelivery item, LaneWorker worker, DeliveryContext context)
    {
        var delivery = item.Delivery;
        var start = new SuspectStart();
        try
        {
            var begun = worker.BeginFor(item.Lane);
            await deadly.BeginAsync(start, delivery, worker, context.Patience, begun);
            if (start.IsOneTooMany)
            {
                // The processes may have died after it was handled, before that was written down.
                if (await attempts.WasHandledAsync(delivery, context, worker.BeginFor(item.Lane)))
                {
                    SubscriptionParking.Complete(delivery);
                    return start.HasEnded = true;
                }

                var reason = "Processes died, one after the other, while they handled it.";
                await parking.In(worker).BuryAsync(delivery, ErrorCodes.ProcessDied, reason, RetrySchedule.EarlierAttempts(delivery), worker.BeginFor(item.Lane));
                return start.HasEnded = true;
            }

            // Whose lane is taken away after it got its turn was begun with before: a partition that is handed to and fro would otherwise never get on.
            context.Begun = start.HasTurn ? begun : null;
            return start.HasEnded = await HandleAsync(item, worker, context, start);
        }
        finally
        {
            context.Begun = null;
            await deadly.EndAsync(start, delivery, worker.Cancellation);
        }
    }

    // Whoever replays a message wants it to be handled, however late.
    private static Envelope EnvelopeOf(Delivery delivery) =>
        delivery is ParkedDelivery { Parked.IsReplayed: true } ? delivery.Envelope with { ExpiryTime = null } : delivery.Envelope;

    /// <summary>What fails again and again outside of its handlers will not get better by waiting, and must not hold its key for ever.</summary>
    private ValueTask BuryAsync(Delivery delivery, Exception error, LaneWorker worker, CancellationToken cancellation)
    {
        var earlier = RetrySchedule.EarlierAttempts(delivery);
        var attempt = AttemptRecorder.Record(RetrySchedule.NextAttempt(delivery, earlier), time.GetUtcNow(), handler: null, error);
        return parking.In(worker).BuryAsync(delivery, ErrorCodes.ProcessingFailed, $"{attempt.ErrorType}: {attempt.Message}", [.. earlier, attempt], error, cancellation);
    }
}
