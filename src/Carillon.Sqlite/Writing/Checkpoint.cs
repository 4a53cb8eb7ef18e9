using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>
/// Moves the log's content into the database while the writer holds the write lock, so that no commit can fall into it: a SQLite before
/// 3.51.3 can lose commits when a checkpoint meets a commit that starts the log anew. Notices when a reader keeps it from getting on.
/// </summary>
internal sealed class Checkpoint(ConnectionFactory factory, TimeProvider time, ILogger logger) : IDisposable
{
    private const long EveryBytes = 8L << 20;
    private const int EveryCommits = 500;
    private const int EveryCommitsWhileLarge = 50;
    private const long LargeFrames = 16_384;
    private const long FrameBytes = 4096 + 24;
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(10);
    private PreparedConnection? _connection;
    private long _bytes;
    private long _bytesBeside;
    private long _moved = -1;
    private DateTimeOffset _movedAt;
    private DateTimeOffset _nextWarning;
    private LogHold? _hold;
    private int _commits;
    private bool _isLarge;

    /// <summary>Who keeps the log from shrinking; null when nobody does.</summary>
    public LogHold? Hold => Volatile.Read(ref _hold);

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
        if (!row.Read())
            return;
        var (frames, moved) = (row.GetInt64(1), row.GetInt64(2));
        _isLarge = frames > LargeFrames;
        Note(frames, moved);
    }

    /// <summary>A checkpoint under the write lock moves everything, except what a reader that began earlier must not see yet.</summary>
    private void Note(long frames, long moved)
    {
        var now = time.GetUtcNow();
        var isStuck = moved < frames && moved == _moved;
        if (!isStuck)
            (_moved, _movedAt) = (moved, now);
        var hold = isStuck && _isLarge ? new LogHold(_movedAt, frames * FrameBytes) : null;
        Volatile.Write(ref _hold, hold);
        if (hold is null || now < _nextWarning)
            return;
        _nextWarning = now + BetweenWarnings;
        logger.LogHeld(ErrorCodes.WriteAheadLogHeld, factory.Path, hold.ToString());
    }
}
