using System.Data.Common;
using System.Runtime.CompilerServices;
using Carillon.Durability;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// What Carillon knows of the transactions of Entity Framework Core. Several contexts may work on one: whichever ends it does so for all.
/// </summary>
internal static class JoinedTransactions
{
    private static readonly ConditionalWeakTable<DbTransaction, JoinedTransaction> _transactions = [];

    /// <summary>The transaction, unless its end was seen.</summary>
    public static DbTransaction? Open(DbTransaction? transaction) => transaction is null || _transactions.TryGetValue(transaction, out var joined) && joined.HasEnded ? null : transaction;

    /// <summary>Says that somebody else began the transaction, or takes part in it too: no context sees everything that becomes of it.</summary>
    public static void Share(DbTransaction transaction)
    {
        var joined = _transactions.GetOrCreateValue(transaction);
        joined.IsShared = true;
        // One that has left it alone may have left the object, which the driver gives to others.
        if (joined.Beginner?.TryGetTarget(out var beginner) is not true || !beginner.IsIn(transaction))
            joined.Beginner = null;
        joined.HasEnded = false;
    }

    /// <summary>Whether several take part in the transaction.</summary>
    public static bool IsShared(DbTransaction transaction) => _transactions.TryGetValue(transaction, out var joined) && joined.IsShared;

    /// <summary>Whether the transaction, which is gone, may have committed without being seen.</summary>
    public static bool MayHaveCommitted(DbTransaction transaction) => _transactions.TryGetValue(transaction, out var joined) && joined.MayCommitUnseen;

    /// <summary>The messages wait for the commit of the transaction.</summary>
    public static void Enter(DbTransaction transaction, StoredMessages messages) => _transactions.GetOrCreateValue(transaction).Messages.Add(messages);

    /// <summary>The messages wait for the transaction no more.</summary>
    public static void Leave(DbTransaction transaction, StoredMessages messages)
    {
        if (_transactions.TryGetValue(transaction, out var joined))
            joined.Messages.Remove(messages);
    }

    /// <summary>Joins the store to the transaction, once more.</summary>
    public static async ValueTask<IStoreTransaction> JoinAsync(IUnitOfWorkStore store, DbTransaction transaction, CancellationToken cancellation)
    {
        var joined = await store.JoinAsync(transaction, cancellation);
        _transactions.GetOrCreateValue(transaction).Stores.Add(joined);
        return joined;
    }

    /// <summary>
    /// A transaction begins. Drivers may use one object for all transactions of a connection, one after the other: nothing of an earlier one,
    /// whose end nobody saw, may be left.
    /// </summary>
    public static async ValueTask BeginAsync(DbTransaction transaction, WeakReference<ContextOutbox> beginner)
    {
        if (_transactions.TryGetValue(transaction, out var left))
            await left.LeaveAsync();
        _transactions.AddOrUpdate(transaction, new JoinedTransaction { Beginner = beginner });
    }

    /// <summary>Stores the messages of all who wait for the transaction, ahead of its commit.</summary>
    public static async ValueTask StoreAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        if (_transactions.TryGetValue(transaction, out var joined))
            await joined.StoreAsync(cancellation);
    }

    /// <summary>Forgets what all who wait for the transaction have published and not stored.</summary>
    public static void ForgetUnstored(DbTransaction transaction)
    {
        if (_transactions.TryGetValue(transaction, out var joined))
            joined.Messages.ForEach(static messages => messages.ForgetUnstored());
    }

    /// <summary>The transaction is about to commit: stores the messages of all who wait for it.</summary>
    public static ValueTask CommittingAsync(DbTransaction transaction, CancellationToken cancellation) =>
        _transactions.TryGetValue(transaction, out var joined) ? joined.StoreLastAsync(transaction, cancellation) : ValueTask.CompletedTask;

    /// <summary>The transaction has committed.</summary>
    public static ValueTask CommittedAsync(DbTransaction transaction) => End(transaction)?.CommittedAsync() ?? ValueTask.CompletedTask;

    /// <summary>The transaction was rolled back.</summary>
    public static ValueTask RolledBackAsync(DbTransaction transaction) => End(transaction)?.RolledBackAsync() ?? ValueTask.CompletedTask;

    private static JoinedTransaction? End(DbTransaction transaction)
    {
        _transactions.Remove(transaction, out var ended);
        _transactions.AddOrUpdate(transaction, new JoinedTransaction { HasEnded = true });
        return ended;
    }
}
