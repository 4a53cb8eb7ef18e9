using Carillon.Diagnostics;
using Carillon.Retrying;
using Carillon.Subscribing;
using Microsoft.Extensions.Logging;

namespace Carillon.Relaying;

/// <summary>
/// Sends what waits in the lanes of a relay, many lanes at once. While the transport is away the batch stays in hand and is sent again, so
/// that nothing changes its place and nothing more is read than there is room for.
/// </summary>
internal sealed class RelayLaneHandler(
    string relay,
    LaneScheduler scheduler,
    RelayBatchSender sender,
    HeldUpProcessor heldUp,
    DeliveryBudget budget,
    OutboxOptions options,
    Backoff backoff,
    TimeProvider time,
    ILogger logger)
    : ILaneHandler
{
    private readonly RecurringFailure _sending = new(time);
    private int _failures;

    public string Current => relay;

    /// <summary>Says what is wrong with sending.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() =>
        FailureFinding.Of(_sending, $"{relay} cannot send to the transport", time.GetUtcNow()) is { } finding ? [finding] : [];

    public void Enter()
    {
        // There is no user code in a relay that could look at anything ambient.
    }

    public async ValueTask HandleAsync(LaneDelivery item, LaneWorker worker)
    {
        if (sender.IsHeldUp(item.Delivery))
        {
            await ParkAsync(item, worker);
            return;
        }

        var batch = Take(item, worker);
        while (batch.Count > 0)
        {
            // Taken before the look at the lanes: whoever takes one away marks it first and cancels then, so that one of the two is noticed.
            var cancellation = worker.Cancellation;
            batch.ReturnRevoked();
            var failure = batch.Count > 0 ? await TrySendAsync(batch, cancellation) : null;
            var patience = worker.Patience;
            batch.ReturnRevoked();
            if (failure is not null && batch.Count > 0 && Parking.PartitionTakenOver.Says(failure))
                await sender.RegainAsync(batch, patience);
            else if (failure is not null && batch.Count > 0)
                await PauseAsync(batch.Count, failure, patience);
        }
    }

    /// <summary>Parks what is held up. What is not any more goes back to the head of its lane, and is sent like any other.</summary>
    private async ValueTask ParkAsync(LaneDelivery first, LaneWorker worker)
    {
        var free = await heldUp.ParkAsync(first, worker);
        foreach (var ofLane in free.GroupBy(static item => item.Lane))
        {
            if (!scheduler.TryPutBack(ofLane.Key, ofLane.Select(static item => item.Delivery)))
            {
                foreach (var (_, delivery) in ofLane)
                    budget.Settle(delivery, isFinished: false);
            }

            scheduler.Release(ofLane.Key);
        }
    }

    /// <summary>
    /// Takes one delivery of each lane. A later message of a key travels when the earlier one is known to be stored, and not before: it would
    /// pass by what the transport refuses.
    /// </summary>
    private RelayBatch Take(LaneDelivery first, LaneWorker worker)
    {
        var taken = new List<LaneDelivery> { first };
        scheduler.TakeMore(worker, taken, options.BatchMessages, mostOfLane: 1, delivery => !sender.IsHeldUp(delivery));
        return new RelayBatch(taken, scheduler, budget);
    }

    /// <summary>Sends what can be sent.</summary>
    /// <returns>Why some of it is not known to be stored, or null.</returns>
    private async ValueTask<Exception?> TrySendAsync(RelayBatch batch, CancellationToken cancellation)
    {
        try
        {
            await sender.SendAsync(batch, cancellation);
            if (_sending.Succeeded() is { } over)
                RelayingLog.SendsAgain(logger, relay, over.Lasted, over.Count);
            _failures = 0;
            return null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private async ValueTask PauseAsync(int messages, Exception failure, CancellationToken patience)
    {
        var pause = backoff.AfterRound(++_failures);
        if (failure is PublishFailedException { RetryAfter: { } asked } && asked > pause)
            pause = asked < options.MaxDelay ? asked : options.MaxDelay;
        if (_sending.Failed(failure) is { } notice)
            RelayingLog.SendFailed(logger, relay, messages, notice.Count, notice.Lasted, failure);
        try
        {
            await Task.Delay(pause, time, patience);
        }
        catch (OperationCanceledException)
        {
            // A lane was taken away: what is left of the batch is looked at again.
        }
    }
}
