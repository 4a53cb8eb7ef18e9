using Carillon.Durability;
using Carillon.Relational;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>
/// The one writer of a file in this process. It gives way to other writers of the file, and moves the log into the database in between. A
/// failed connection is opened again with the next group.
/// </summary>
internal sealed class FileWriter(ConnectionFactory factory, WriteQueue queue, DatabaseChanges changes, Bell bell, WriteTurn turn, TimeProvider time, ILogger logger)
    : GroupWriter(queue), IDisposable
{
    private static readonly TimeSpan BeginPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TurnTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(1);

    // Cancelled when the file is being closed and nothing waits for the lock any more.
    private readonly CancellationTokenSource _closing = new(Timeout.InfiniteTimeSpan, time);
    private readonly Checkpoint _checkpoint = new(factory, time, logger);
    private SqliteWriteSession? _session;
    private long _turnBegan;

    /// <summary>Whether other processes have had the file open when this one last wrote.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>Whether anyone besides this writer may want the write lock. Then it pauses now and then.</summary>
    public bool IsShared { get; set; }

    /// <summary>Who keeps the write-ahead log from shrinking; null when nobody does.</summary>
    public LogHold? LogHold => _checkpoint.Hold;

    /// <summary>Counts what a unit of work has written, for the next checkpoint.</summary>
    public void Count(long bytes) => _checkpoint.Count(bytes);

    /// <summary>Whether other processes have the file open.</summary>
    public static bool HasOtherProcesses(SqliteWriteSession session) => session.Prepare("SELECT count(*) FROM carillon_processes").Number() > 1;

    /// <summary>The file is being closed: what is still to be written waits a moment for the lock, and no longer.</summary>
    public void Hurry() => _closing.CancelAfter(LastPatience);

    public void Dispose()
    {
        _closing.Dispose();
        _checkpoint.Dispose();
        CloseSession();
    }

    protected override ValueTask CloseAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<StorageFailedException?> TryWriteAsync(List<WriteOperation> group)
    {
        await LetOthersAsync();
        var isCommitting = false;
        var hasOthers = false;
        var hasTurn = false;
        try
        {
            await turn.TakeForWriterAsync(factory.BusyTimeout, _closing.Token);
            hasTurn = true;
            var session = _session ??= new SqliteWriteSession(new PreparedConnection(factory.Open(waits: false)));
            await BeginAsync(session);
            session.Begin(time.GetUtcNow());
            foreach (var operation in group)
                await operation.ExecuteAsync(session);
            hasOthers = session.Changes != DatabaseChange.None && HasOtherProcesses(session);
            isCommitting = true;
            Failpoint.Reach("sqlite.committing");
            Check(session, session.Run("COMMIT"));
            Failpoint.Reach("sqlite.committed");
            factory.CheckInPlace();
            factory.RememberLog();
        }
        catch (Exception e)
        {
            var failure = SqliteFailure.From(e, factory.Path, isCommitting);
            Recover(failure);
            if (hasTurn)
                turn.End();
            return failure;
        }

        Succeed(group, _session.Changes, hasOthers);
        turn.End();
        return null;
    }

    private async Task BeginAsync(SqliteWriteSession session)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var code = session.Run("BEGIN IMMEDIATE");
            if (code == raw.SQLITE_OK)
                return;
            if (code != raw.SQLITE_BUSY || time.GetElapsedTime(began) > factory.BusyTimeout || _closing.IsCancellationRequested)
                throw session.LastError(code);
            await Task.Delay(BeginPause, time);
        }
    }

    private void Succeed(List<WriteOperation> group, DatabaseChange changed, bool hasOthers)
    {
        var size = 0L;
        foreach (var operation in group)
        {
            size += operation.Size;
            operation.Complete();
        }

        group.Clear();
        changes.Raise(changed);
        if (hasOthers)
            bell.Ring();
        HasOthers = hasOthers;
        IsShared |= hasOthers;
        _checkpoint.AfterCommit(_session!, size);
    }

    // SQLite does not queue those who wait for the lock: without a pause, a busy writer would keep it for itself.
    private async Task LetOthersAsync()
    {
        if (!IsShared || time.GetElapsedTime(_turnBegan) < TurnTime)
            return;
        await Task.Delay(BeginPause, time);
        _turnBegan = time.GetTimestamp();
    }

    private void Recover(StorageFailedException failure)
    {
        _session?.Run("ROLLBACK");
        if (failure.InnerException is not (SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_FULL or raw.SQLITE_CONSTRAINT } or PublishFailedException))
            CloseSession();
    }

    private void CloseSession()
    {
        factory.ForgetLog();
        _session?.Dispose();
        _session = null;
    }

    private static void Check(SqliteWriteSession session, int code)
    {
        if (code != raw.SQLITE_OK)
            throw session.LastError(code);
    }
}
