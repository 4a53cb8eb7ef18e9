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
    public static async ValueTask BeginAsync(DbTransaction transaction)
    {
        foreach (var left in Leave(transaction))
            await left.DisposeAsync();
    }

    /// <summary>The transaction has ended, and these joined it; they are to be disposed.</summary>
    public static IReadOnlyCollection<IStoreTransaction> Leave(DbTransaction transaction) =>
        _transactions.Remove(transaction, out var joined) ? joined.Stores : [];

    private sealed class Joined
    {
        public bool IsShared { get; set; }

        public List<IStoreTransaction> Stores { get; } = [];
    }
}
