using Carillon.Durability;
using Carillon.Publishing;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Waits until the transaction of a handler can begin and has its messages claimed, however long that takes: waiting for a turn is no attempt. Says now and then in the
/// log that handlers wait, and why.
/// </summary>
internal sealed class TransactionTurn(string subscription, UnitsOfWork units, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseWhileInHand = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private DateTimeOffset? _waitingSince;
    private DateTimeOffset _nextWarning;

    /// <summary>Begins a transaction of the service's store that has messages claimed.</summary>
    /// <param name="messages">The messages that are to be new.</param>
    /// <param name="worker">Who handles them. While another transaction has one of them in hand, perhaps that of a process that stands still, others go on now and then in its place.</param>
    /// <param name="patience">Ends the waiting.</param>
    /// <param name="cancellation">Ends it too.</param>
    /// <returns>The transaction, and the first message that is not new with what is known of it.</returns>
    /// <exception cref="OperationCanceledException">One of the two was cancelled before its turn came.</exception>
    public async ValueTask<ClaimedTransaction> BeginAsync(IReadOnlyList<Delivery> messages, LaneWorker worker, CancellationToken patience, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience, cancellation);
        for (var pause = ShortestPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var isBegun = false;
            try
            {
                var transaction = await units.BeginToClaimAsync(either.Token);
                isBegun = true;
                var claimed = await ClaimAsync(transaction, messages, either.Token);
                lock (_gate)
                    _waitingSince = null;
                return claimed;
            }
            catch (UnitOfWorkNotBegunException reason)
            {
                Warn(reason);
                // What another transaction has in hand may take long; a store that cannot be reached may have begun with the claim.
                if (isBegun && reason.Code == ErrorCodes.StorageBusy)
                    await LendAsync(worker, either.Token);
                else
                    await Task.Delay(pause, time, either.Token);
            }
        }
    }

    private ValueTask LendAsync(LaneWorker worker, CancellationToken cancellation) =>
        worker.WaitAsync(given => new ValueTask(Task.Delay(PauseWhileInHand, time, given)), cancellation);

    private async ValueTask<ClaimedTransaction> ClaimAsync(IStoreTransaction transaction, IReadOnlyList<Delivery> messages, CancellationToken cancellation)
    {
        try
        {
            foreach (var message in messages)
            {
                var answer = await transaction.ClaimAsync(subscription, message.Envelope, cancellation);
                if (answer != InboxClaim.First)
                    return new ClaimedTransaction(transaction, answer, message);
            }

            return new ClaimedTransaction(transaction, InboxClaim.First, Known: null);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private void Warn(Exception reason)
    {
        DateTimeOffset since;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            since = _waitingSince ??= now;
            if (now < _nextWarning)
                return;
            _nextWarning = now + BetweenWarnings;
        }

        SubscribingLog.WaitingToBegin(logger, subscription, since, reason);
    }
}
