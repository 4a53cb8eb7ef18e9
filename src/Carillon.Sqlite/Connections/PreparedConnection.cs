using Carillon.Relational;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>A connection with its prepared statements. One user at a time.</summary>
internal sealed class PreparedConnection(SqliteConnection connection) : Session, IDisposable
{
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

    /// <summary>Begins a transaction that others can use too, with the write lock from the beginning.</summary>
    public void Begin() => Transaction = connection.BeginTransaction(deferred: false);

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
