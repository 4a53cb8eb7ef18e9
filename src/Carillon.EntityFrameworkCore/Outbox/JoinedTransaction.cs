using System.Data.Common;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// A transaction of Entity Framework Core, with the messages that wait for its commit and the stores that have joined it. Drivers may use one object for
/// all transactions of a connection, one after the other: each of them has a joined transaction of its own.
/// </summary>
/// <param name="transaction">The driver's object.</param>
/// <param name="beginner">The context that began it, or null when somebody else did.</param>
internal sealed class JoinedTransaction(DbTransaction transaction, IDbContextTransactionManager? beginner)
{
    // Another context, on another thread, may ask for those of an earlier transaction of the connection.
    private readonly Lock _gate = new();
    private readonly List<IDbContextTransactionManager> _contexts = beginner is null ? [] : [beginner];

    /// <summary>The driver's object.</summary>
    public DbTransaction Transaction => transaction;

    /// <summary>Whether somebody else than a context began it, and may end it unseen.</summary>
    public bool IsForeign { get; } = beginner is null;

    /// <summary>Whether several take part in it, so that not all of them see its end.</summary>
    public bool IsShared { get; private set; } = beginner is null;

    /// <summary>Whether it is known to have ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether it has ended without a commit, as far as it was a context that began it: that one has it no more.</summary>
    public bool IsLost => !IsForeign && (HasEnded || !HasBeginner);

    /// <summary>Whether a context works in it still.</summary>
    public bool HasContexts
    {
        get
        {
            lock (_gate)
                return _contexts.Exists(IsOf);
        }
    }

    /// <summary>What each context published in it, in the order in which they came.</summary>
    public List<StoredMessages> Messages { get; } = [];

    /// <summary>The stores, once for each context whose messages they hold.</summary>
    public List<IStoreTransaction> Stores { get; } = [];

    private bool HasBeginner
    {
        get
        {
            lock (_gate)
                return _contexts is [var first, ..] && ReferenceEquals(first, beginner) && IsOf(first);
        }
    }

    /// <summary>Whether a context works in it.</summary>
    public bool IsOf(IDbContextTransactionManager context) => ReferenceEquals(context.CurrentTransaction?.GetDbTransaction(), transaction);

    /// <summary>A context takes part in it that has not begun it.</summary>
    public void Share(IDbContextTransactionManager context)
    {
        IsShared = true;
        lock (_gate)
            _contexts.Add(context);
    }

    /// <summary>A context is gone.</summary>
    public void Leave(IDbContextTransactionManager context)
    {
        lock (_gate)
            _contexts.Remove(context);
    }

    /// <summary>
    /// Takes over what may be known of it under an earlier name, whose contexts have left: what they stored in it is committed by those who come now. If that
    /// was another transaction, it does no harm; the last store will do, or there would be one more with each transaction.
    /// </summary>
    public async ValueTask InheritAsync(JoinedTransaction earlier)
    {
        if (earlier.Stores is [.., var last])
            Stores.Add(last);
        foreach (var store in earlier.Stores.Where(store => !Stores.Contains(store)))
            await store.DisposeAsync();
        earlier.Stores.Clear();
    }

    /// <summary>Stores what is not stored yet of those who work in it, or have saved in it.</summary>
    /// <returns>Whether there was anything.</returns>
    public async ValueTask<bool> StoreAsync(CancellationToken cancellation)
    {
        var hasStored = false;
        foreach (var messages in Messages.ToArray())
            hasStored |= messages.IsBound && await messages.StoreAsync(cancellation);
        return hasStored;
    }

    /// <summary>Stores the messages of a context that has saved, behind those of others that saved before, when they were alone.</summary>
    public async ValueTask StoreSavedAsync(StoredMessages saved, CancellationToken cancellation)
    {
        foreach (var messages in Messages.ToArray())
        {
            if (messages.HasSaved && messages != saved)
                await messages.StoreAsync(cancellation);
        }

        await saved.StoreForGoodAsync(cancellation);
    }

    /// <summary>Forgets what those who work in it have published and not stored.</summary>
    public void ForgetUnstored()
    {
        foreach (var messages in Messages)
        {
            if (messages.IsBound)
                messages.ForgetUnstored();
        }
    }

    /// <summary>
    /// Stores what is not stored yet, right before the commit. Where all is, it makes sure that the transaction has not failed since: PostgreSQL
    /// answers the commit of one that has with a rollback, which its driver reports as success.
    /// </summary>
    public async ValueTask StoreLastAsync(CancellationToken cancellation)
    {
        if (!await StoreAsync(cancellation) && Stores.Count > 0)
            await CheckAsync(cancellation);
    }

    /// <summary>Stores what waits for the commit and commits, both at once, where only one context has a part in it and nothing is stored yet.</summary>
    /// <returns>Whether it has committed.</returns>
    public ValueTask<bool> TryCommitAsync(CancellationToken cancellation) =>
        !IsShared && Stores.Count == 0 && Messages is [{ IsBound: true } only] ? only.TryCommitAsync(cancellation) : ValueTask.FromResult(false);

    /// <summary>It has committed.</summary>
    public async ValueTask CommittedAsync()
    {
        HasEnded = true;
        foreach (var messages in Messages.ToArray())
            messages.Committed();
        foreach (var store in Stores)
            store.Committed();
        await LeaveAsync();
    }

    /// <summary>It was rolled back.</summary>
    public ValueTask RolledBackAsync()
    {
        foreach (var messages in Messages.ToArray())
            messages.RolledBack();
        return LeaveAsync();
    }

    /// <summary>It has ended, perhaps unseen. Whose messages wait for it notices that by itself: it may be at work on another thread.</summary>
    public async ValueTask LeaveAsync()
    {
        HasEnded = true;
        lock (_gate)
            _contexts.Clear();
        foreach (var store in Stores)
            await store.DisposeAsync();
        Stores.Clear();
    }

    private async ValueTask CheckAsync(CancellationToken cancellation)
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
