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

    /// <summary>Begins a transaction on a connection of the store's own.</summary>
    ValueTask<IStoreTransaction> BeginAsync(CancellationToken cancellation);

    /// <summary>Begins a transaction on a connection of the caller's, which the store does not close.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: it is a connection to something else, or not open.</exception>
    ValueTask<IStoreTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation);
}
