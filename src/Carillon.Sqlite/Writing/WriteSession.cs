namespace Carillon.Sqlite;

/// <summary>What a write operation works with: the connection inside its transaction.</summary>
internal sealed class WriteSession(PreparedConnection connection) : IDisposable
{
    private static int _turn;

    /// <summary>The time of the transaction.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary><see cref="Now"/> as tables hold it.</summary>
    public long StoredNow { get; private set; }

    /// <summary>What the transaction changed.</summary>
    public FileChange Changes { get; private set; }

    public Statement Prepare(string sql) => connection.Prepare(sql);

    /// <summary>Notes a change that others wait for.</summary>
    public void Changed(FileChange change) => Changes |= change;

    /// <summary>A number that grows with each call, for spreading what has no key.</summary>
    public static int NextTurn() => Interlocked.Increment(ref _turn) & int.MaxValue;

    /// <summary>Begins a transaction.</summary>
    public void Begin(DateTimeOffset now)
    {
        Now = now;
        StoredNow = StoredTime.From(now);
        Changes = FileChange.None;
    }

    public int Run(string sql) => connection.Run(sql);

    public Microsoft.Data.Sqlite.SqliteException LastError(int code) => connection.LastError(code);

    public void Dispose() => connection.Dispose();
}
