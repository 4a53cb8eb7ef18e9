using Carillon.Durability;
using Carillon.Publishing;
using Carillon.Serialization;
using Carillon.Transports;

namespace Carillon.Subscribing;

/// <summary>
/// Runs handlers in a unit of work: claims the messages in the inbox, runs, and commits the mark, the rows and the outgoing messages
/// together (G2). A message that was handled before is not handled again.
/// </summary>
internal sealed class ExactlyOnceRunner(string subscription, UnitsOfWork units, TransactionTurn turn)
{
    /// <summary>Runs handlers for messages that must all be new.</summary>
    /// <param name="claims">The messages; several for a batch.</param>
    /// <param name="run">Runs the handlers in the unit of work and says what they threw.</param>
    /// <param name="worker">Who handles them.</param>
    /// <param name="patience">Gives up before the unit of work has begun.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <returns>What went wrong, or null when the messages are handled, now or before.</returns>
    /// <exception cref="OperationCanceledException">The patience came to an end: nothing was tried.</exception>
    public async ValueTask<Exception?> RunAsync(
        IReadOnlyList<Delivery> claims, Func<UnitOfWork, ValueTask<Exception?>> run, LaneWorker worker, CancellationToken patience, CancellationToken cancellation)
    {
        try
        {
            var claimed = await turn.BeginAsync(claims, worker, patience, cancellation);
            await using var transaction = claimed.Transaction;
            Failpoint.Reach("unit-of-work.claimed");
            if (claimed.Answer == InboxClaim.IdReused)
                throw Reused(claimed.Known!);
            if (claimed.Answer == InboxClaim.Duplicate)
                return claims.Count == 1 ? null : new InvalidOperationException("A message of the batch was handled before.");

            var work = units.OpenForHandler(transaction);
            var error = await run(work);
            Failpoint.Reach("unit-of-work.handled");
            if (error is not null)
                return await transaction.IsOpenAsync() ? error : Ended(error);
            await work.CompleteAsync(CancellationToken.None);
            Failpoint.Reach("unit-of-work.committed");
            return null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            return TransactionEnded.Says(error) ? Ended(error) : error;
        }
    }

    /// <summary>Whether a message was handled before, in a unit of work that committed.</summary>
    public async ValueTask<bool> WasHandledAsync(Delivery delivery, LaneWorker worker, CancellationToken patience, CancellationToken cancellation)
    {
        if (!units.HasStore)
            return false;
        var claimed = await turn.BeginAsync([delivery], worker, patience, cancellation);
        await claimed.Transaction.DisposeAsync();
        return claimed.Answer == InboxClaim.Duplicate;
    }

    // The mark of the message may be committed, so that the next attempt would take it for handled.
    private static MessageRejectedException Ended(Exception error) => new(ErrorCodes.TransactionEnded, TransactionEnded.Reason, error);

    private MessageRejectedException Reused(Delivery delivery) => new(ErrorCodes.IdReused,
        $"id: {delivery.Envelope.Id} of {delivery.Envelope.Source} was handled by {subscription} before, with another body.");
}
