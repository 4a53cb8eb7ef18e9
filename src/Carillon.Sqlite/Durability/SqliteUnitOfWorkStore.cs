using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Carillon.Durability;
using Carillon.Relational;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite;

/// <summary>
/// Units of work on the file that is the transport too: what they publish goes straight into the log, with their rows, in one commit. A
/// file has one writer, so they take turns with each other and with the writer of the process.
/// </summary>
internal sealed class SqliteUnitOfWorkStore(SqliteFile file, Log log) : IUnitOfWorkStore, IConnectionSettings, ICommitOutcomes
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private const string Safe = "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;";

    /// <inheritdoc/>
    public bool HoldsTransport => true;

    /// <inheritdoc/>
    public async ValueTask<IStoreTransaction> BeginAsync(CancellationToken cancellation)
    {
        var open = await file.OpenAsync(cancellation);
        return await BeginAsync(open, open.RentUnitOfWorkConnection, open.ReturnUnitOfWorkConnection, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IStoreTransaction> BeginAsync(DbConnection connection, CancellationToken cancellation)
    {
        var open = await file.OpenAsync(cancellation);
        var own = Check(connection);
        return await BeginAsync(
            open,
            () =>
            {
                var prepared = new PreparedConnection(own);
                prepared.Run(Safe);
                return prepared;
            },
            static (prepared, _) => prepared.Forget(),
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<IStoreTransaction> JoinAsync(DbTransaction transaction, CancellationToken cancellation)
    {
        var open = await file.OpenAsync(cancellation);
        if (transaction is not SqliteTransaction { Connection: { } connection } own)
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork, $"{transaction.GetType().Name} is no open SQLite transaction, but the store of this service is {file.Path}.");
        open.ExpectOtherWriters();
        var prepared = new PreparedConnection(Check(connection));
        // How much a commit flushes cannot be changed any more inside a transaction; when the log is checkpointed can.
        prepared.Run("PRAGMA wal_autocheckpoint = 0");
        prepared.Join(own);
        return new SqliteStoreTransaction(open, log, prepared, static (joined, _) => joined.Forget());
    }

    /// <inheritdoc/>
    public void Apply(DbConnection connection)
    {
        if (IsToFile(connection, out var own))
            new PreparedConnection(own).Run(Safe);
    }

    /// <inheritdoc/>
    public bool IsUnknown(DbException error) => SqliteFailure.From(error, file.Path, atCommit: true).IsOutcomeUnknown;

    private async ValueTask<IStoreTransaction> BeginAsync(
        OpenFile open, Func<PreparedConnection> rent, Action<PreparedConnection, bool> giveBack, CancellationToken cancellation)
    {
        try
        {
            await open.Turn.TakeAsync(open.Options.BusyTimeout, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new UnitOfWorkNotBegunException(ErrorCodes.StorageBusy, $"No unit of work could begin on {open.Path}: {e.Message} Keep transactions short; the health check names one that was never disposed.", e);
        }

        PreparedConnection? connection = null;
        try
        {
            connection = rent();
            connection.Begin();
            await LockAsync(open, connection, cancellation);
            return new SqliteStoreTransaction(open, log, connection, (prepared, isSound) =>
            {
                giveBack(prepared, isSound);
                open.Turn.End();
            });
        }
        catch (Exception e)
        {
            if (connection is not null)
                giveBack(connection, false);
            open.Turn.End();
            throw Explain(e, open.Path);
        }
    }

    /// <summary>Waits for the file's write lock, which other processes and connections take too. Meanwhile the writer goes first.</summary>
    private static async ValueTask LockAsync(OpenFile open, PreparedConnection connection, CancellationToken cancellation)
    {
        var began = open.Time.GetTimestamp();
        while (!connection.TryLock())
        {
            if (open.Time.GetElapsedTime(began) >= open.Options.BusyTimeout)
                throw new TimeoutException("another process or connection has held the write lock for too long. Find the transaction that stays open.");
            await Task.Delay(Pause, open.Time, cancellation);
            if (open.Turn.IsWriterWaiting)
                await open.Turn.LetWriterAsync();
        }
    }

    private static Exception Explain(Exception error, string path) => error switch
    {
        TimeoutException => new UnitOfWorkNotBegunException(ErrorCodes.StorageBusy, $"No unit of work could begin on {path}: {error.Message}", error),
        SqliteException => NotBegun(SqliteFailure.From(error, path, atCommit: false)),
        CarillonException { Code: ErrorCodes.UnsafeStorage } => NotBegun(SqliteFailure.From(error, path, atCommit: false)),
        _ => error,
    };

    private static UnitOfWorkNotBegunException NotBegun(StorageFailedException failure) => new(failure.Code, failure.Reason, failure);

    private SqliteConnection Check(DbConnection connection)
    {
        if (IsToFile(connection, out var own))
            return own;
        throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
            $"A unit of work of this service needs an open SQLite connection to {file.Path}, but was given {connection.GetType().Name} to \"{connection.DataSource}\" ({connection.State}). Open one with SqliteFile.OpenConnection, or pass none.");
    }

    private bool IsToFile(DbConnection connection, [NotNullWhen(true)] out SqliteConnection? own)
    {
        own = connection as SqliteConnection;
        return own is { State: ConnectionState.Open, DataSource.Length: > 0 } && FileIdentity.AreSame(own.DataSource, file.Path);
    }
}
