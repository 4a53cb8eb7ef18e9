using System.Data.Common;
using Carillon.Durability;
using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>One transaction on the file: it holds the write lock from its beginning to its end.</summary>
internal sealed class SqliteStoreTransaction(OpenFile file, Log log, PreparedConnection connection, Action<PreparedConnection, bool> giveBack)
    : StoreTransaction(file, log, Open(file, connection))
{
    private bool _isSound = true;
    private bool _hasEnded;

    /// <inheritdoc/>
    public override DbTransaction Transaction => connection.Transaction ?? throw new InvalidOperationException("The transaction has ended.");

    /// <inheritdoc/>
    public override ValueTask<bool> IsOpenAsync() => new(connection.IsInTransaction);

    /// <inheritdoc/>
    public override ValueTask CommitAsync(IReadOnlyList<Envelope> last, CancellationToken cancellation)
    {
        RefuseEnded();
        return base.CommitAsync(last, cancellation);
    }

    /// <inheritdoc/>
    public override ValueTask CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        RefuseEnded();
        try
        {
            connection.Commit();
            file.CheckInPlace();
        }
        catch (Exception e) when (e is DbException or CarillonException { Code: ErrorCodes.UnsafeStorage })
        {
            throw Explain(e, atCommit: true);
        }

        Committed();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        if (_hasEnded)
            return ValueTask.CompletedTask;
        _hasEnded = true;
        try
        {
            connection.Rollback();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // The connection is beyond use: SQLite rolls back when it is closed.
            _isSound = false;
        }

        giveBack(connection, _isSound);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Exception Explain(Exception error) => Explain(error, atCommit: false);

    private void RefuseEnded()
    {
        if (connection.IsInTransaction)
            return;
        _isSound = false;
        throw TransactionEnded.Refuse();
    }

    private PublishFailedException Explain(Exception error, bool atCommit)
    {
        _isSound = false;
        var failure = SqliteFailure.From(error, file.Path, atCommit);
        return failure.ToRefusal(failure.Reason);
    }

    private static SqliteWriteSession Open(OpenFile file, PreparedConnection connection)
    {
        var session = new SqliteWriteSession(connection);
        session.Begin(file.Time.GetUtcNow());
        return session;
    }
}
