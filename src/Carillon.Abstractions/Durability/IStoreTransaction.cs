using System.Data.Common;
using Carillon.Scheduling;

namespace Carillon.Durability;

/// <summary>One transaction of a store. Disposing it without a commit rolls it back. Not safe for several threads at once.</summary>
public interface IStoreTransaction : IAsyncDisposable
{
    /// <summary>The transaction, for the user's own commands.</summary>
    DbTransaction Transaction { get; }

    /// <summary>
    /// Marks a message as handled by a subscription, in one atomic step. The mark is the transaction's: it exists once this commits, and
    /// another transaction that claims the same message waits for that.
    /// </summary>
    /// <exception cref="UnitOfWorkNotBegunException">Another transaction has the message in hand for too long, or the store cannot be reached. Nothing was done.</exception>
    ValueTask<InboxClaim> ClaimAsync(string subscription, Envelope message, CancellationToken cancellation);

    /// <summary>Adds outgoing messages, in their order.</summary>
    ValueTask AppendAsync(IReadOnlyList<Envelope> messages, CancellationToken cancellation);

    /// <summary>
    /// Adds messages that are to be published later. One that waits already is still one message (<see cref="ISchedule.AddAsync"/>); while another open transaction adds or cancels the same
    /// one, this waits for its end.
    /// </summary>
    /// <exception cref="PublishFailedException">With <see cref="ErrorCodes.AlreadyScheduled"/>: another content waits under that source and id.</exception>
    ValueTask ScheduleAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation);

    /// <summary>
    /// Takes a message off the schedule, if this commits. Until this has ended, nobody publishes it. Messages that this transaction scheduled can be cancelled too.
    /// </summary>
    /// <returns>False when there is none of that id, or it is being published.</returns>
    ValueTask<bool> CancelScheduledAsync(string source, EventId id, CancellationToken cancellation);

    /// <summary>
    /// Whether a transaction that was joined can be committed here, with its last messages, in the place of whoever began it. The rest is that one's business as after a
    /// commit of its own, <see cref="Committed"/> included. Default: no.
    /// </summary>
    bool CommitsForOthers => false;

    /// <summary>
    /// Whether a transaction that the store began is still open. It is the user's to write with, and so can be committed, rolled back or disposed by code that should not. True also where that cannot
    /// be found out. Default: true.
    /// </summary>
    ValueTask<bool> IsOpenAsync() => new(true);

    /// <summary>Commits everything, durably. For a transaction that was joined only where the store <see cref="CommitsForOthers"/>.</summary>
    /// <exception cref="PublishFailedException">Nothing was stored, unless it says that the outcome is unknown.</exception>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.TransactionEnded"/>: the store began the transaction, and somebody else has ended it. Nothing more is stored.</exception>
    ValueTask CommitAsync(CancellationToken cancellation);

    /// <summary>
    /// Adds the last outgoing messages, in their order, and commits. From the first of them on others may wait for this transaction, so a store
    /// on a server sends both at once. Unless a store does it in a way of its own, it is <see cref="AppendAsync"/> and <see cref="CommitAsync(CancellationToken)"/>.
    /// For a transaction that was joined only where the store <see cref="CommitsForOthers"/>.
    /// </summary>
    /// <exception cref="PublishFailedException">Nothing was stored, unless it says that the outcome is unknown.</exception>
    async ValueTask CommitAsync(IReadOnlyList<Envelope> last, CancellationToken cancellation)
    {
        await AppendAsync(last, cancellation);
        await CommitAsync(cancellation);
    }

    /// <summary>A transaction that was joined has been committed by whoever began it: wakes those who wait for its messages.</summary>
    void Committed();
}
