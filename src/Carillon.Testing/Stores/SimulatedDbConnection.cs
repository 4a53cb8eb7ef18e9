using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace Carillon.Testing.Stores;

/// <summary>A connection to a simulated database, over one to the engine that holds the user's rows, if it has one.</summary>
internal sealed class SimulatedDbConnection(SimulatedDatabase database, object? client, DbConnection? rows) : DbConnection
{
    private StoreSession? _session;
    private bool _isOpen = true;

    /// <inheritdoc/>
    [AllowNull]
    public override string ConnectionString
    {
        get => rows?.ConnectionString ?? "";
        set => throw new NotSupportedException("A simulated connection is open from its beginning.");
    }

    /// <inheritdoc/>
    public override string Database => rows?.Database ?? "simulation";

    /// <inheritdoc/>
    public override string DataSource => rows?.DataSource ?? "simulation";

    /// <inheritdoc/>
    public override string ServerVersion => rows?.ServerVersion ?? "";

    /// <inheritdoc/>
    public override ConnectionState State => _isOpen ? ConnectionState.Open : ConnectionState.Closed;

    /// <summary>The database that it is a connection to.</summary>
    public SimulatedDatabase Owner => database;

    /// <inheritdoc/>
    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException("There is one database.");

    /// <inheritdoc/>
    public override void Open() => throw new NotSupportedException("A simulated connection is open from its beginning.");

    /// <inheritdoc/>
    public override void Close()
    {
        _isOpen = false;
        _session?.Rollback();
        rows?.Dispose();
    }

    /// <summary>Begins a transaction when it is this caller's turn.</summary>
    /// <param name="isOwn">Whether the connection is there for this transaction alone and is closed with it.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async ValueTask<SimulatedTransaction> BeginAsync(bool isOwn, CancellationToken cancellation)
    {
        if (rows is not null)
            await database.Turn.TakeAsync(cancellation);
        return Begin(isOwn);
    }

    /// <inheritdoc/>
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => rows is null || database.Turn.TryTake()
        ? Begin(isOwn: false)
        : throw new InvalidOperationException("Another transaction is open, and this one cannot wait for it without stopping the simulation: use BeginTransactionAsync.");

    /// <inheritdoc/>
    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken) =>
        await BeginAsync(isOwn: false, cancellationToken);

    /// <inheritdoc/>
    protected override DbCommand CreateDbCommand() => rows is null
        ? throw new InvalidOperationException("This simulated database has no SQL engine: give it one with UseSql, or say what changes with SimulatedTransaction.OnCommit.")
        : new SimulatedDbCommand(this, rows.CreateCommand());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close();
        base.Dispose(disposing);
    }

    private SimulatedTransaction Begin(bool isOwn)
    {
        try
        {
            // The request may arrive when its sender has closed the connection long since.
            if (!_isOpen)
                throw new InvalidOperationException("The connection is closed.");
            _session = database.Begin(client, rows, () => End(isOwn));
            return new SimulatedTransaction(this, _session);
        }
        catch (Exception) when (rows is not null)
        {
            database.Turn.Give();
            throw;
        }
    }

    private void End(bool isOwn)
    {
        if (rows is not null)
            database.Turn.Give();
        if (isOwn)
            Dispose();
    }
}
