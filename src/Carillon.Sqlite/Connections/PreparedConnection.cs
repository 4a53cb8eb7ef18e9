using Carillon.Relational;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>A connection with its prepared statements. One user at a time.</summary>
internal sealed class PreparedConnection(SqliteConnection connection) : Session, IDisposable
{
    // A statement that may write takes the lock before it finds that there is nothing to do.
    private const string WriteNothing = "DELETE FROM carillon_processes WHERE 0";
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private bool _hasJoined;

    public override Dialect Dialect => SqliteDialect.Instance;

    /// <summary>The transaction that <see cref="Begin"/> began; null when there is none.</summary>
    public SqliteTransaction? Transaction { get; private set; }

    public override SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
            _statements.Add(sql, statement = new SqliteStatement(connection, sql));
        statement.JoinTransaction(Transaction);
        return statement;
    }

    /// <summary>Begins a transaction that others can use too. It has no lock yet.</summary>
    public void Begin() => Transaction = connection.BeginTransaction(deferred: true);

    /// <summary>Takes the write lock for the transaction, or says at once that somebody else has it.</summary>
    /// <exception cref="SqliteException">Something else is wrong.</exception>
    public bool TryLock()
    {
        var patience = Prepare("PRAGMA busy_timeout").Number() ?? 0;
        raw.sqlite3_busy_timeout(connection.Handle, 0);
        var code = Run(WriteNothing);
        raw.sqlite3_busy_timeout(connection.Handle, (int)patience);
        return code is raw.SQLITE_OK || (code is raw.SQLITE_BUSY ? false : throw LastError(code));
    }

    /// <summary>Whether the transaction that was begun is still open.</summary>
    public bool IsInTransaction => Transaction?.Connection is not null && raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Takes part in a transaction that somebody else ends.</summary>
    public void Join(SqliteTransaction transaction)
    {
        Transaction = transaction;
        _hasJoined = true;
    }

    public void Commit()
    {
        Transaction!.Commit();
        End();
    }

    /// <summary>Rolls back what was not committed, unless somebody else will.</summary>
    public void Rollback()
    {
        if (_hasJoined)
            return;
        // Somebody has ended it with a statement. The library does not know that, and needs something that it can roll back.
        if (Transaction?.Connection is not null && !IsInTransaction)
            Run("BEGIN");
        Transaction?.Rollback();
        End();
    }

    /// <summary>Lets go of the statements and leaves the connection to its owner.</summary>
    public void Forget()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }

    /// <summary>Runs a statement without results, such as <c>COMMIT</c>, and tells SQLite's own answer. Never waits by itself.</summary>
    public int Run(string sql) => raw.sqlite3_exec(connection.Handle, sql);

    /// <summary>What SQLite said about the last failure.</summary>
    public SqliteException LastError(int code) => new(
        $"SQLite Error {code}: '{raw.sqlite3_errmsg(connection.Handle).utf8_to_string()}'.", code, raw.sqlite3_extended_errcode(connection.Handle));

    public void Dispose()
    {
        Forget();
        connection.Dispose();
    }

    private void End()
    {
        Transaction?.Dispose();
        Transaction = null;
    }
}
