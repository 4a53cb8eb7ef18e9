using System.Data.Common;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore;

/// <summary>A transaction of Entity Framework Core, with the messages that wait for its commit and the stores that have joined it.</summary>
internal sealed class JoinedTransaction
{
    /// <summary>Whether several take part in it, so that its end may not be seen.</summary>
    public bool IsShared { get; set; }

    /// <summary>The context that began it; null where somebody else did.</summary>
    public WeakReference<ContextOutbox>? Beginner { get; set; }

    /// <summary>
    /// Whether it may have committed when it is gone and nobody saw how. What a context began its contexts also commit; a rollback that is a mere
    /// <c>Dispose</c> they do not tell.
    /// </summary>
    public bool MayCommitUnseen => IsShared && Beginner is null;

    /// <summary>Whether its end was seen.</summary>
    public bool HasEnded { get; set; }

    /// <summary>What each context published in it, in the order in which they came.</summary>
    public List<StoredMessages> Messages { get; } = [];

    /// <summary>The stores, once for each context whose messages they hold.</summary>
    public List<IStoreTransaction> Stores { get; } = [];

    /// <summary>Stores what is not stored yet.</summary>
    /// <returns>Whether there was anything.</returns>
    public async ValueTask<bool> StoreAsync(CancellationToken cancellation)
    {
        var hasStored = false;
        foreach (var messages in Messages.ToArray())
            hasStored |= await messages.StoreAsync(cancellation);
        return hasStored;
    }

    /// <summary>
    /// Stores what is not stored yet, right before the commit. Where all is, it makes sure that the transaction has not failed since: PostgreSQL
    /// answers the commit of one that has with a rollback, which its driver reports as success.
    /// </summary>
    public async ValueTask StoreLastAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        if (!await StoreAsync(cancellation) && Stores.Count > 0)
            await CheckAsync(transaction, cancellation);
    }

    /// <summary>It has committed.</summary>
    public async ValueTask CommittedAsync()
    {
        foreach (var messages in Messages.ToArray())
            messages.Committed();
        foreach (var store in Stores)
        {
            store.Committed();
            await store.DisposeAsync();
        }
    }

    /// <summary>It was rolled back.</summary>
    public ValueTask RolledBackAsync()
    {
        foreach (var messages in Messages.ToArray())
            messages.RolledBack();
        return LeaveStoresAsync();
    }

    /// <summary>It has ended, and nobody saw how.</summary>
    public ValueTask LeaveAsync()
    {
        foreach (var messages in Messages.ToArray())
            messages.Follow(null);
        return LeaveStoresAsync();
    }

    private async ValueTask LeaveStoresAsync()
    {
        foreach (var store in Stores)
            await store.DisposeAsync();
    }

    private static async ValueTask CheckAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        try
        {
            await using var check = transaction.Connection!.CreateCommand();
            (check.CommandText, check.Transaction) = ("SELECT 1", transaction);
            _ = BlockingCall.IsCurrent ? check.ExecuteScalar() : await check.ExecuteScalarAsync(cancellation);
        }
        catch (DbException exception)
        {
            throw new DbUpdateException($"Nothing of the transaction can be committed. {exception.Message}", exception);
        }
    }
}
