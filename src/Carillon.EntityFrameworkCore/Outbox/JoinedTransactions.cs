using System.Data.Common;
using System.Runtime.CompilerServices;
using Carillon.Durability;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// The stores that have joined a transaction of Entity Framework Core. Several contexts may work on one: whichever commits it tells for all.
/// </summary>
internal static class JoinedTransactions
{
    private static readonly ConditionalWeakTable<DbTransaction, Joined> _transactions = [];

    /// <summary>Says that somebody else began the transaction, or takes part in it too: no context sees everything that becomes of it.</summary>
    public static void Share(DbTransaction transaction) => _transactions.GetOrCreateValue(transaction).IsShared = true;

    /// <summary>Whether several take part in the transaction.</summary>
    public static bool IsShared(DbTransaction transaction) => _transactions.TryGetValue(transaction, out var joined) && joined.IsShared;

    /// <summary>Joins the store to the transaction, once.</summary>
    public static async ValueTask<IStoreTransaction> JoinAsync(IUnitOfWorkStore store, DbTransaction transaction, CancellationToken cancellation)
    {
        var stores = _transactions.GetOrCreateValue(transaction).Stores;
        if (!stores.TryGetValue(store, out var joined))
            stores.Add(store, joined = await store.JoinAsync(transaction, cancellation));
        return joined;
    }

    /// <summary>The transaction has ended, and these joined it; they are to be disposed.</summary>
    public static IReadOnlyCollection<IStoreTransaction> Leave(DbTransaction transaction) =>
        _transactions.Remove(transaction, out var joined) ? joined.Stores.Values : [];

    private sealed class Joined
    {
        public bool IsShared { get; set; }

        public Dictionary<IUnitOfWorkStore, IStoreTransaction> Stores { get; } = [];
    }
}
