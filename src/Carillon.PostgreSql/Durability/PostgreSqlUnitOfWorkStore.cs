using System.Data;
using System.Data.Common;
using Carillon.Durability;
using Carillon.Relational;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Units of work on the database that holds the transport's log or the outbox: what they publish is stored with their rows, in one commit.</summary>
internal sealed class PostgreSqlUnitOfWorkStore(PostgreSqlDatabase databases, Log log) : IUnitOfWorkStore, ICommitOutcomes
{
    /// <inheritdoc/>
    public bool HoldsTransport => false;

    /// <inheritdoc/>
    public ValueTask<IStoreTransaction> BeginAsync(CancellationToken cancellation) => OpenAsync(isToClaim: false, cancellation);

    /// <inheritdoc/>
    public ValueTask<IStoreTransaction> BeginToClaimAsync(CancellationToken cancellation) => OpenAsync(isToClaim: true, cancellation);

    /// <inheritdoc/>
    public async ValueTask<IStoreTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        return await BeginAsync(database, Check(connection), TransactionOwnership.Transaction, isToClaim: false, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IStoreTransaction> JoinAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        if (transaction is not NpgsqlTransaction { Connection: { } connection } own)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{transaction.GetType().Name} is no open PostgreSQL transaction, but the store of this service is {databases.Name}.");
        }

        const TransactionOwnership none = TransactionOwnership.None;
        return new PostgreSqlStoreTransaction(database, log, database.OpenSession(Check(connection), none), own, none);
    }

    /// <inheritdoc/>
    public bool IsUnknown(DbException error) => StorageFailure.From(error, databases.Name, atCommit: true).IsOutcomeUnknown;

    private async ValueTask<IStoreTransaction> OpenAsync(bool isToClaim, CancellationToken cancellation)
    {
        var database = await databases.OpenAsync(cancellation);
        NpgsqlConnection connection;
        try
        {
            connection = await database.Connections.OpenAsync(cancellation);
        }
        catch (StorageFailedException e)
        {
            throw NotBegun(database, e);
        }

        return await BeginAsync(database, connection, TransactionOwnership.Connection, isToClaim, cancellation);
    }

    private async ValueTask<IStoreTransaction> BeginAsync(
        OpenDatabase database, NpgsqlConnection connection, TransactionOwnership ownership, bool isToClaim, CancellationToken cancellation)
    {
        NpgsqlTransaction? transaction = null;
        try
        {
            // The driver sends this with the first statement.
            transaction = await connection.BeginTransactionAsync(cancellation);
            var session = database.OpenSession(connection, ownership);
            if (!isToClaim)
                await session.LimitAsync(cancellation);
            return new PostgreSqlStoreTransaction(database, log, session, transaction, ownership);
        }
        catch (Exception e)
        {
            if (transaction is not null)
                await transaction.DisposeAsync();
            if (ownership == TransactionOwnership.Connection)
                await connection.DisposeAsync();
            if (transaction is null || !StorageFailure.Explains(e))
                throw;
            throw NotBegun(database, database.Explain(e, atCommit: false));
        }
    }

    // What may be different before long is waited for; the rest is the caller's business.
    private static Exception NotBegun(OpenDatabase database, StorageFailedException failure)
    {
        database.IsOutage(failure);
        return failure.IsTransient ? new UnitOfWorkNotBegunException(failure.Code, failure.Reason, failure) : failure;
    }

    private NpgsqlConnection Check(DbConnection connection)
    {
        if (connection is NpgsqlConnection { State: ConnectionState.Open } own && databases.IsReachedBy(own))
            return own;
        throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
            $"A unit of work of this service needs an open connection to {databases.Name}, but was given {connection.GetType().Name} to \"{connection.DataSource}/{connection.Database}\" ({connection.State}). Open one with PostgreSqlDatabase.OpenConnectionAsync, or pass none.");
    }
}
