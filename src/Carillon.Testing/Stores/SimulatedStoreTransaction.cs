using System.Data.Common;
using Carillon.Durability;
using Carillon.Scheduling;
using Carillon.Testing.Network;
using Carillon.Transports;

namespace Carillon.Testing.Stores;

/// <summary>A transaction as the service sees it: every step is a request that may be lost.</summary>
internal sealed class SimulatedStoreTransaction(ILink link, SimulatedTransaction transaction, bool isJoined) : IStoreTransaction
{
    /// <summary>How long a transaction waits for another one.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public DbTransaction Transaction => transaction;

    private StoreSession Session => transaction.Session;

    private bool IsEndedByItsUser => !isJoined && transaction.IsEndedByItsUser;

    /// <inheritdoc/>
    public ValueTask<bool> IsOpenAsync() => new(!IsEndedByItsUser);

    /// <inheritdoc/>
    public async ValueTask<InboxClaim> ClaimAsync(string subscription, Envelope message, CancellationToken cancellation)
    {
        try
        {
            return await link.CallAsync(ServerOperation.Work, waiting => ClaimAtServerAsync(subscription, message, waiting), cancellation);
        }
        catch (Exception error) when (error is ConnectionLostException or TimeoutException)
        {
            throw NotBegun(error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(IReadOnlyList<Envelope> messages, CancellationToken cancellation)
    {
        foreach (var message in messages)
        {
            if (StorableText.FindFault(message) is { } attribute)
                throw new PublishFailedException(ErrorCodes.InvalidAttribute, $"{message.Id} was not stored: its {attribute} holds what no store can hold.");
        }

        await link.CallAsync(ServerOperation.Work, () => Do(() => Session.Append(messages)), cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask ScheduleAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation) =>
        await link.CallAsync(ServerOperation.Work, waiting => ScheduleAtServerAsync(messages, waiting), cancellation);

    /// <inheritdoc/>
    public ValueTask<bool> CancelScheduledAsync(string source, EventId id, CancellationToken cancellation) =>
        link.CallAsync(ServerOperation.Work, () => Session.Cancel(source, id), cancellation);

    /// <inheritdoc/>
    public async ValueTask CommitAsync(IReadOnlyList<Envelope> last, CancellationToken cancellation)
    {
        if (IsEndedByItsUser)
            throw TransactionEnded.Refuse();
        await AppendAsync(last, cancellation);
        await CommitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CancellationToken cancellation)
    {
        if (IsEndedByItsUser)
            throw TransactionEnded.Refuse();
        try
        {
            await link.CallAsync(ServerOperation.Commit, () => Do(Session.Commit), cancellation);
        }
        catch (ConnectionLostException lost)
        {
            throw new PublishFailedException(ErrorCodes.PublishFailed, $"The connection was lost during the commit: {lost.Message}", isOutcomeUnknown: true, lost);
        }
    }

    /// <inheritdoc/>
    public void Committed()
    {
        // Whoever reads the log was woken by the commit itself.
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (isJoined || !Session.IsOpen)
            return;
        try
        {
            await link.CallAsync(ServerOperation.Ask, () => Do(Session.Rollback), CancellationToken.None);
        }
        catch (ConnectionLostException)
        {
            link.GiveUp(Session.Rollback);
        }
    }

    private async ValueTask<bool> ScheduleAtServerAsync(IReadOnlyList<ScheduledMessage> messages, CancellationToken cancellation)
    {
        await Session.ScheduleAsync(messages, link.Time, cancellation);
        return true;
    }

    private async ValueTask<InboxClaim> ClaimAtServerAsync(string subscription, Envelope message, CancellationToken cancellation)
    {
        while (true)
        {
            if (Session.TryClaim(subscription, message, out var holder) is { } claim)
                return claim;
            await holder!.WaitAsync().WaitAsync(LockTimeout, link.Time, cancellation);
        }
    }

    /// <summary>What the service hears when it may try again.</summary>
    public static UnitOfWorkNotBegunException NotBegun(Exception error) =>
        new(ErrorCodes.StorageBusy, $"The simulated database does not answer, or another transaction is in the way: {error.Message}", error);

    private static bool Do(Action step)
    {
        step();
        return true;
    }
}
