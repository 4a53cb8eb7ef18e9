using Carillon.Relational;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite;

/// <summary>Says in words what SQLite said in numbers.</summary>
internal static class SqliteFailure
{
    public static StorageFailedException From(Exception error, string path, bool atCommit)
    {
        var code = (error as SqliteException)?.SqliteErrorCode ?? 0;
        var (what, concernsAll) = code switch
        {
            raw.SQLITE_FULL => ("the disk is full, or the file has reached its largest size. Make room: writing goes on by itself", false),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => ("another connection has held the write lock for too long. Find the transaction that stays open", true),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => ("the file or its folder is read-only. Give the process the right to write", true),
            raw.SQLITE_CANTOPEN => ("the file cannot be opened. Check that it is there, and that neither it nor its folder is read-only", true),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => ("the file is damaged. Run \"PRAGMA integrity_check\" and restore it from a copy", true),
            raw.SQLITE_IOERR => ("the disk reports an error. Look at the system's log", false),
            _ => (error.Message, IsMisplaced(error) || error is TimeoutException),
        };
        return new StorageFailedException(
            code is raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB || IsMisplaced(error) ? ErrorCodes.UnsafeStorage : ErrorCodes.PublishFailed,
            $"Nothing could be written to {path}: {what}.",
            error)
        {
            IsOutcomeUnknown = atCommit && (code is raw.SQLITE_IOERR || IsMisplaced(error)),
            ConcernsAll = concernsAll,
            IsTransient = code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED,
            IsForContent = code is raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE,
        };
    }

    // A file that was moved away may come back, with what was written to it meanwhile.
    private static bool IsMisplaced(Exception error) => error is CarillonException { Code: ErrorCodes.UnsafeStorage };
}
