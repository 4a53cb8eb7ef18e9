using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>What this package tells operators.</summary>
internal static partial class SqliteLog
{
    public const string Category = "Carillon.Sqlite";

    [LoggerMessage(1, LogLevel.Warning, "{Code}: SQLite {Version} can lose commits when several processes use {Path} and one of them runs its own checkpoints. Carillon's connections avoid it; update SQLite to 3.51.3 or later to be safe from others.")]
    public static partial void FaultySqlite(this ILogger logger, LogText code, LogText version, LogText path);

    [LoggerMessage(4, LogLevel.Warning, "{Code}: {Path} cannot be tidied up: {Hold}. Find the connection that reads for so long, and end its transaction.")]
    public static partial void LogHeld(this ILogger logger, LogText code, LogText path, LogText hold);

    [LoggerMessage(5, LogLevel.Warning, "Another process or connection holds the write lock of {Path}; the start waits for it, at most {Patience}. Find the transaction that stays open.")]
    public static partial void WaitingForWriter(this ILogger logger, LogText path, TimeSpan patience);

    [LoggerMessage(3, LogLevel.Warning, "Changes to {Path} by other processes cannot be watched; it is looked at every {Milliseconds} ms instead.")]
    public static partial void CannotWatch(this ILogger logger, Exception? exception, LogText path, double milliseconds);
}
