using Carillon.Diagnostics;
using Carillon.Retrying;
using Carillon.Subscribing;
using Microsoft.Extensions.Logging;

namespace Carillon.Relaying;

/// <summary>
/// Sends what waits in the lanes of a relay, many lanes at once. While the transport is away the batch stays in hand and is sent again, so
/// that nothing changes its place and nothing more is read than there is room for. What the transport refuses for now, while it takes others, waits by
/// itself at the head of its lane, and other lanes go on.
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
    // No timer waits for longer than some weeks.
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromDays(1);
    private static readonly TimeSpan TakesOthers = TimeSpan.FromMinutes(1);
    private readonly RecurringFailure _sending = new(time);
    private readonly RecurringFailure _refusing = new(time);
    private int _failures;
    private long _acceptedAt = time.GetTimestamp();
    private int _waiting;

    public string Current => relay;

    /// <summary>Says what is wrong with sending.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() => [.. new[]
    {
        FailureFinding.Of(_sending, $"{relay} cannot send to the transport", time.GetUtcNow()),
        FailureFinding.Of(_refusing, $"{relay} has messages that the transport refuses for now", time.GetUtcNow()) is { } refusing ? refusing with { Severity = HealthSeverity.Degraded } : null,
    }.OfType<HealthFinding>()];

    public async ValueTask HandleAsync(LaneDelivery item, LaneWorker worker)
    {
        if (sender.IsHeldUp(item.Delivery))
        {
            await heldUp.ParkAsync(item, worker);
            return;
        }

        var batch = Take(item, worker);
        while (batch.Count > 0)
        {
            var cancellation = worker.Cancellation;
            batch.ReturnWithdrawn();
            var failure = batch.Count > 0 ? await TrySendAsync(batch, worker, cancellation) : null;
            var patience = worker.Patience;
            batch.ReturnWithdrawn();
            if (failure is not null && batch.Count > 0 && Parking.PartitionTakenOver.Says(failure))
                await RegainAsync(batch, worker, patience);
            else if (failure is not null && batch.Count > 0)
                await PauseAsync(batch.Count, failure, patience);
        }
    }

    private ValueTask RegainAsync(RelayBatch batch, LaneWorker worker, CancellationToken patience) =>
        worker.WaitAsync(given => sender.RegainAsync(batch, given), patience);

    /// <summary>
    /// Takes one delivery of each lane. A later message of a key travels when the earlier one is known to be stored, and not before: it would
    /// pass by what the transport refuses.
    /// </summary>
    private RelayBatch Take(LaneDelivery first, LaneWorker worker)
    {
        var taken = new List<LaneDelivery> { first };
        scheduler.TakeMore(worker, taken, options.BatchMessages, mostOfLane: 1, delivery => !sender.IsHeldUp(delivery));
        return new RelayBatch(taken, scheduler, budget) { Place = worker };
    }

    /// <summary>Sends what can be sent, and lets what is refused for now wait by itself.</summary>
    /// <returns>Why some of what is left is not known to be stored, or null.</returns>
    private async ValueTask<Exception?> TrySendAsync(RelayBatch batch, LaneWorker worker, CancellationToken cancellation)
    {
        try
        {
            var before = batch.Count;
            var refusal = await sender.SendAsync(batch, cancellation);
            if (batch.Count < before)
                _acceptedAt = time.GetTimestamp();
            if (_sending.Succeeded() is { } over)
                RelayingLog.SendsAgain(logger, relay, over.Over);
            _failures = 0;
            if (refusal is not null)
                await WaitAsync(batch, refusal, worker, cancellation);
            else if (Volatile.Read(ref _waiting) == 0 && _refusing.Succeeded() is { } accepted)
                RelayingLog.NothingRefused(logger, relay, accepted.Over);
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

    private async ValueTask WaitAsync(RelayBatch batch, PublishFailedException refusal, LaneWorker worker, CancellationToken cancellation)
    {
        if (_refusing.Failed(refusal) is { } notice)
            RelayingLog.RefusedForNow(logger, relay, batch.Count, notice.While, refusal);
        // While nothing is taken, it may as well wait where it is stored already.
        if (budget.IsShort && time.GetElapsedTime(_acceptedAt) < TakesOthers)
            await sender.PostponeAsync(batch, PauseAfter(int.MaxValue, refusal), cancellation);
        var patience = worker.Patience;
        batch.ReturnWithdrawn();
        foreach (var item in batch.TakeRest())
            _ = WaitAsync(item, PauseAfter(++item.Lane.Refusals, refusal), patience);
    }

    /// <summary>Keeps a lane from everybody for a while, and puts the delivery back at its head then.</summary>
    private async Task WaitAsync(LaneDelivery item, TimeSpan pause, CancellationToken patience)
    {
        Interlocked.Increment(ref _waiting);
        await DelayAsync(pause, patience);
        Interlocked.Decrement(ref _waiting);
        if (!scheduler.TryPutBack(item.Lane, [item.Delivery], areAlone: false))
            budget.Settle(item.Delivery, isFinished: false);
        scheduler.Release(item.Lane);
    }

    private async ValueTask PauseAsync(int messages, Exception failure, CancellationToken patience)
    {
        if (_sending.Failed(failure) is { } notice)
            RelayingLog.SendFailed(logger, relay, messages, notice.While, failure);
        await DelayAsync(PauseAfter(++_failures, failure), patience);
    }

    private TimeSpan PauseAfter(int failures, Exception failure)
    {
        var pause = backoff.AfterRound(failures);
        if (failure is PublishFailedException { RetryAfter: { } asked } && asked > pause)
            pause = asked < LongestRefusal ? asked : LongestRefusal;
        return pause;
    }

    private async Task DelayAsync(TimeSpan pause, CancellationToken patience)
    {
        try
        {
            await Task.Delay(pause, time, patience);
        }
        catch (OperationCanceledException)
        {
            // A lane was taken away: what is left is looked at again.
        }
    }
}
