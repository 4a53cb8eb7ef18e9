using System.Data.Common;
using Carillon.Durability;
using Carillon.Testing.Network;

namespace Carillon.Testing.Stores;

/// <summary>Units of work on a simulated database.</summary>
internal sealed class SimulatedUnitOfWorkStore(ILink link, SimulatedDatabase database) : IUnitOfWorkStore
{
    /// <summary>With a SQL engine a database is like one file: it has one writer at a time.</summary>
    public bool HoldsTransport => database.HasSql;

    /// <inheritdoc/>
    public async ValueTask<IStoreTransaction> BeginAsync(CancellationToken cancellation)
    {
        var connection = OpenConnection();
        try
        {
            return await BeginAsync(connection, isOwn: true, cancellation);
        }
        catch (Exception error) when (error is ConnectionLostException or TimeoutException)
        {
            link.GiveUp(connection.Dispose);
            throw SimulatedStoreTransaction.NotBegun(error);
        }
        catch
        {
            link.GiveUp(connection.Dispose);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IStoreTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation) =>
        connection is SimulatedDbConnection { State: System.Data.ConnectionState.Open } own && own.Owner == database
            ? await BeginAsync(own, isOwn: false, cancellation)
            : throw NotOurs(connection);

    /// <inheritdoc/>
    public ValueTask<IStoreTransaction> JoinAsync(DbTransaction transaction, CancellationToken cancellation) =>
        transaction is SimulatedTransaction { Connection: SimulatedDbConnection connection } own && connection.Owner == database
            ? new ValueTask<IStoreTransaction>(new SimulatedStoreTransaction(link, own, isJoined: true))
            : throw NotOurs(transaction);

    private SimulatedDbConnection OpenConnection() => new(database, link.Client, database.OpenSql());

    private async ValueTask<IStoreTransaction> BeginAsync(SimulatedDbConnection connection, bool isOwn, CancellationToken cancellation)
    {
        // With a SQL engine there is one writer, and as with a file nobody waits for it without end.
        using var late = new CancellationTokenSource(database.HasSql ? SimulatedStoreTransaction.LockTimeout : Timeout.InfiniteTimeSpan, link.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            var transaction = await link.CallAsync(ServerOperation.Work, waiting => connection.BeginAsync(isOwn, waiting), either.Token);
            return new SimulatedStoreTransaction(link, transaction, isJoined: false);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw SimulatedStoreTransaction.NotBegun(new TimeoutException("Another transaction has kept everybody else from writing."));
        }
    }

    private static CarillonException NotOurs(object given) => new(ErrorCodes.InvalidUnitOfWork,
        $"{given.GetType().Name} is not open, or nothing of the simulated database of this service.");
}
