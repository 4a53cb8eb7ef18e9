using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>
/// Moves the log's content into the database while the writer holds the write lock, so that no commit can fall into it: a SQLite before
/// 3.51.3 can lose commits when a checkpoint meets a commit that starts the log anew.
/// </summary>
internal sealed class Checkpoint(ConnectionFactory factory) : IDisposable
{
    private const long EveryBytes = 8L << 20;
    private const int EveryCommits = 500;
    private const int EveryCommitsWhileLarge = 50;
    private const long LargeFrames = 16_384;
    private PreparedConnection? _connection;
    private long _bytes;
    private long _bytesBeside;
    private int _commits;
    private bool _isLarge;

    /// <summary>Counts a commit, and checkpoints when enough was written. A checkpoint that fails is tried again later.</summary>
    public void AfterCommit(SqliteWriteSession session, long bytes)
    {
        _bytes += bytes + Interlocked.Exchange(ref _bytesBeside, 0);
        _commits++;
        if (_commits < (_isLarge ? EveryCommitsWhileLarge : EveryCommits) && _bytes < EveryBytes)
            return;
        if (session.Run("BEGIN IMMEDIATE") != raw.SQLITE_OK)
            return;
        try
        {
            Run();
            (_bytes, _commits) = (0, 0);
        }
        catch (Exception e) when (e is Microsoft.Data.Sqlite.SqliteException or CarillonException)
        {
            Dispose();
        }
        finally
        {
            session.Run("ROLLBACK");
        }
    }

    /// <summary>Counts what was written beside the writer. Safe to call at any time.</summary>
    public void Count(long bytes) => Interlocked.Add(ref _bytesBeside, bytes);

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private void Run()
    {
        _connection ??= new PreparedConnection(factory.Open());
        using var row = _connection.Prepare("PRAGMA wal_checkpoint(PASSIVE)").Read();
        _isLarge = row.Read() && row.GetInt64(1) > LargeFrames;
    }
}
