using System.Data.Common;

namespace Carillon.Durability;

/// <summary>
/// A store in which the user's rows, outgoing messages and the inbox share one transaction. Safe to call by several callers at once.
/// </summary>
public interface IUnitOfWorkStore
{
    /// <summary>
    /// Whether an open transaction keeps the service's transport from storing anything else, because both are one file with one writer.
    /// </summary>
    bool HoldsTransport { get; }

    /// <summary>Begins a transaction on a connection of the store's own, when its turn has come.</summary>
    /// <exception cref="UnitOfWorkNotBegunException">Others are in the way for too long, or the store cannot be reached. Nothing was done.</exception>
    ValueTask<IStoreTransaction> BeginAsync(CancellationToken cancellation);

    /// <summary>
    /// Begins a transaction whose first step is a claim (<see cref="IStoreTransaction.ClaimAsync"/>), so that a store on a server can begin it with the message that claims; then it is
    /// the claim that says whether the store can be reached. Unless a store does it in a way of its own, it is <see cref="BeginAsync(CancellationToken)"/>.
    /// </summary>
    /// <exception cref="UnitOfWorkNotBegunException">Others are in the way for too long, or the store cannot be reached. Nothing was done.</exception>
    ValueTask<IStoreTransaction> BeginToClaimAsync(CancellationToken cancellation) => BeginAsync(cancellation);

    /// <summary>Begins a transaction on a connection of the caller's, which the store does not close.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it is a connection to something else, or not open.</exception>
    /// <exception cref="UnitOfWorkNotBegunException">Others are in the way for too long, or the store cannot be reached. Nothing was done.</exception>
    ValueTask<IStoreTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation);

    /// <summary>
    /// Joins a transaction that somebody else began and will commit or roll back. Messages are appended last, right before that commit:
    /// from the append on, others that publish may have to wait for it. Disposing what is returned ends nothing.
    /// </summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it is a transaction on something else.</exception>
    ValueTask<IStoreTransaction> JoinAsync(DbTransaction transaction, CancellationToken cancellation);
}
