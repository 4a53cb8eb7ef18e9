using Carillon.Relational;

namespace Carillon.Sqlite;

/// <summary>A transaction on the file. There is only one at a time, so nothing is to be locked in it.</summary>
internal sealed class SqliteWriteSession(PreparedConnection connection) : WriteSession, IDisposable
{
    public override Dialect Dialect => connection.Dialect;

    public override SqliteStatement Prepare(string sql) => connection.Prepare(sql);

    public override ValueTask LockAsync(LockScope scope, string name, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Begins a transaction.</summary>
    public void Begin(DateTimeOffset now) => Begin(now, skew: TimeSpan.Zero);

    public int Run(string sql) => connection.Run(sql);

    public Microsoft.Data.Sqlite.SqliteException LastError(int code) => connection.LastError(code);

    public void Dispose() => connection.Dispose();
}
