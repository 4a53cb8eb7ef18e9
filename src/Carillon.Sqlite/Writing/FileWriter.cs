using Carillon.Durability;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>
/// The one writer of a file in this process. An operation that fails is tried again alone, so that it takes no other with it; a failed
/// connection is opened again with the next group.
/// </summary>
internal sealed class FileWriter(ConnectionFactory factory, WriteQueue queue, FileChanges changes, Bell bell, WriteTurn turn, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan BeginPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TurnTime = TimeSpan.FromMilliseconds(20);
    private readonly Checkpoint _checkpoint = new(factory);
    private WriteSession? _session;
    private long _turnBegan;

    /// <summary>Whether anyone besides this writer may want the write lock. Then it pauses now and then.</summary>
    public bool IsShared { get; set; }

    /// <summary>Writes until the queue is closed and empty.</summary>
    public async Task RunAsync()
    {
        await Task.Yield();
        var group = new List<WriteOperation>();
        while (await queue.WaitAsync())
        {
            queue.Take(group);
            if (group.Count > 0)
                await WriteAsync(group);
            group.Clear();
            // Those who were waiting go on first: what they write next shares the next commit.
            await Task.Yield();
        }

        Dispose();
    }

    /// <summary>Counts what a unit of work has written, for the next checkpoint.</summary>
    public void Count(long bytes) => _checkpoint.Count(bytes);

    /// <summary>Whether other processes have the file open.</summary>
    public static bool HasOtherProcesses(WriteSession session) => session.Prepare("SELECT count(*) FROM carillon_processes").Number() > 1;

    public void Dispose()
    {
        _checkpoint.Dispose();
        CloseSession();
    }

    private async Task WriteAsync(List<WriteOperation> group)
    {
        await LetOthersAsync();
        if (await TryWriteAsync(group) is not { } failure)
            return;
        if (group.Count == 1 || failure.ConcernsAll)
        {
            foreach (var operation in group)
                operation.Fail(Unwrap(failure));
            return;
        }

        foreach (var operation in group)
        {
            if (await TryWriteAsync([operation]) is { } reason)
                operation.Fail(Unwrap(reason));
        }
    }

    /// <returns>Why the group was not written, or null when it was.</returns>
    private async Task<WriteFailedException?> TryWriteAsync(List<WriteOperation> group)
    {
        var isCommitting = false;
        var hasOthers = false;
        var hasTurn = false;
        try
        {
            await turn.TakeAsync(factory.BusyTimeout, CancellationToken.None);
            hasTurn = true;
            var session = _session ??= new WriteSession(new PreparedConnection(factory.Open(waits: false)));
            await BeginAsync(session);
            session.Begin(time.GetUtcNow());
            foreach (var operation in group)
                operation.Execute(session);
            hasOthers = session.Changes != FileChange.None && HasOtherProcesses(session);
            isCommitting = true;
            Failpoint.Reach("sqlite.committing");
            Check(session, session.Run("COMMIT"));
            Failpoint.Reach("sqlite.committed");
            factory.CheckInPlace();
        }
        catch (Exception e)
        {
            var failure = WriteFailedException.From(e, factory.Path, isCommitting);
            Recover(failure);
            if (hasTurn)
                turn.End();
            return failure;
        }

        Succeed(group, _session.Changes, hasOthers);
        turn.End();
        return null;
    }

    private async Task BeginAsync(WriteSession session)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var code = session.Run("BEGIN IMMEDIATE");
            if (code == raw.SQLITE_OK)
                return;
            if (code != raw.SQLITE_BUSY || time.GetElapsedTime(began) > factory.BusyTimeout)
                throw session.LastError(code);
            await Task.Delay(BeginPause, time);
        }
    }

    private void Succeed(List<WriteOperation> group, FileChange changed, bool hasOthers)
    {
        var size = 0L;
        foreach (var operation in group)
        {
            size += operation.Size;
            operation.Complete();
        }

        changes.Raise(changed);
        if (hasOthers)
            bell.Ring();
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

    private void Recover(WriteFailedException failure)
    {
        _session?.Run("ROLLBACK");
        if (failure.InnerException is not SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_FULL or raw.SQLITE_CONSTRAINT })
            CloseSession();
    }

    private void CloseSession()
    {
        _session?.Dispose();
        _session = null;
    }

    private static void Check(WriteSession session, int code)
    {
        if (code != raw.SQLITE_OK)
            throw session.LastError(code);
    }

    // What an operation says on purpose reaches its caller as it is.
    private static Exception Unwrap(WriteFailedException failure) =>
        failure.InnerException is CarillonConfigurationException deliberate ? deliberate : failure;
}
