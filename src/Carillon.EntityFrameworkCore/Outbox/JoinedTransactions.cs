using System.Data.Common;
using System.Runtime.CompilerServices;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// What Carillon knows of the transactions of Entity Framework Core. Several contexts may work on one: whichever ends it does so for all.
/// </summary>
internal static class JoinedTransactions
{
    private static readonly ConditionalWeakTable<DbTransaction, JoinedTransaction> _transactions = [];

    /// <summary>What is known of the transaction of a context; null when there is none, or its end was seen.</summary>
    public static JoinedTransaction? Find(DbTransaction? transaction, IDbContextTransactionManager context)
    {
        if (transaction is null)
            return null;
        if (!_transactions.TryGetValue(transaction, out var joined))
            _transactions.AddOrUpdate(transaction, joined = new JoinedTransaction(transaction, context));
        return joined.HasEnded ? null : joined;
    }

    /// <summary>A context has begun a transaction: nothing of an earlier one with the same object, whose end nobody saw, may be left.</summary>
    public static async ValueTask<JoinedTransaction> BeginAsync(DbTransaction transaction, IDbContextTransactionManager context)
    {
        if (_transactions.TryGetValue(transaction, out var left))
            await left.LeaveAsync();
        var joined = new JoinedTransaction(transaction, context);
        _transactions.AddOrUpdate(transaction, joined);
        return joined;
    }

    /// <summary>
    /// A context takes part in a transaction that it has not begun: no context sees everything that becomes of it. Where no other one works in it, it may
    /// be the next one with the same object, and is treated like that.
    /// </summary>
    public static async ValueTask<JoinedTransaction> ShareAsync(DbTransaction transaction, IDbContextTransactionManager context)
    {
        if (!_transactions.TryGetValue(transaction, out var joined) || joined.HasEnded || !joined.HasContexts)
        {
            var next = new JoinedTransaction(transaction, beginner: null);
            if (joined is not null)
                await next.InheritAsync(joined);
            _transactions.AddOrUpdate(transaction, joined = next);
        }

        joined.Share(context);
        return joined;
    }

    /// <summary>Joins the store to the transaction, once more.</summary>
    public static async ValueTask<IStoreTransaction> JoinAsync(IUnitOfWorkStore store, JoinedTransaction transaction, CancellationToken cancellation)
    {
        var joined = await store.JoinAsync(transaction.Transaction, cancellation);
        transaction.Stores.Add(joined);
        return joined;
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
            joined.ForgetUnstored();
    }

    /// <summary>The transaction is about to commit: stores the messages of all who wait for it.</summary>
    public static ValueTask CommittingAsync(DbTransaction transaction, CancellationToken cancellation) =>
        _transactions.TryGetValue(transaction, out var joined) ? joined.StoreLastAsync(cancellation) : ValueTask.CompletedTask;

    /// <summary>The transaction is about to commit: stores the messages that wait for it and commits it, both at once, where that can be.</summary>
    /// <returns>Whether it has committed.</returns>
    public static ValueTask<bool> TryCommitAsync(DbTransaction transaction, CancellationToken cancellation) =>
        _transactions.TryGetValue(transaction, out var joined) ? joined.TryCommitAsync(cancellation) : ValueTask.FromResult(false);

    /// <summary>The transaction has committed.</summary>
    public static ValueTask CommittedAsync(DbTransaction transaction) =>
        _transactions.TryGetValue(transaction, out var joined) ? joined.CommittedAsync() : ValueTask.CompletedTask;

    /// <summary>The transaction was rolled back.</summary>
    public static ValueTask RolledBackAsync(DbTransaction transaction) =>
        _transactions.TryGetValue(transaction, out var joined) ? joined.RolledBackAsync() : ValueTask.CompletedTask;
}
