using System.Data.Common;
using Carillon.Durability;
using Carillon.Scheduling;

namespace Carillon.Relational;

/// <summary>One transaction of a store: the user's rows, the inbox, and what is published go through it.</summary>
internal abstract class StoreTransaction(Database database, Log log, WriteSession session) : IStoreTransaction
{
    private long _bytes;

    /// <inheritdoc/>
    public abstract DbTransaction Transaction { get; }

    /// <inheritdoc/>
    public virtual bool CommitsForOthers => false;

    /// <summary>Where messages go to.</summary>
    protected Log Log => log;

    /// <summary>Inside the transaction.</summary>
    protected WriteSession Session => session;

    /// <inheritdoc/>
    public abstract ValueTask<bool> IsOpenAsync();

    /// <inheritdoc/>
    public async ValueTask<InboxClaim> ClaimAsync(string subscription, Envelope message, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(ToClaim(subscription, message), cancellation);
        }
        catch (PublishFailedException failure) when (failure.IsTransient)
        {
            throw new UnitOfWorkNotBegunException(failure.Code, failure.Message, failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<Envelope> messages, CancellationToken cancellation)
    {
        if (await RunAsync(database.Append(log, messages.ToArray(), AppendPatience.Full), cancellation) is [var first, ..])
            throw first.Error;
    }

    /// <inheritdoc/>
    public virtual async ValueTask CommitAsync(IReadOnlyList<Envelope> last, CancellationToken cancellation)
    {
        await AppendAsync(last, cancellation);
        await CommitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask ScheduleAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation) =>
        await RunAsync(new ScheduleAddition(messages, log), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> CancelScheduledAsync(string source, EventId id, CancellationToken cancellation) =>
        RunAsync(new ScheduleCancellation(source, id), cancellation);

    /// <inheritdoc/>
    public abstract ValueTask CommitAsync(CancellationToken cancellation);

    /// <inheritdoc/>
    public void Committed() => database.Committed(session.Changes, _bytes);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Makes the operation that claims a message.</summary>
    protected virtual WriteOperation<InboxClaim> ToClaim(string subscription, Envelope message) => new InboxClaiming(subscription, message);

    /// <summary>Says in the words of the contract why something failed.</summary>
    protected abstract Exception Explain(Exception error);

    /// <summary>Runs an operation in the transaction.</summary>
    protected async ValueTask<TResult> RunAsync<TResult>(WriteOperation<TResult> operation, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            if (operation.NeedsTime)
                await session.AskTimeAsync(cancellation);
            var result = await operation.RunAsync(session, cancellation);
            _bytes += operation.Size;
            return result;
        }
        catch (Exception e) when (e is DbException or CarillonException { Code: ErrorCodes.UnsafeStorage })
        {
            throw Explain(e);
        }
    }
}
