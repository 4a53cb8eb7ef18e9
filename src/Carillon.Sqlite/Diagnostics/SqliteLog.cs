using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite;

/// <summary>What this package tells operators.</summary>
internal static partial class SqliteLog
{
    public const string Category = "Carillon.Sqlite";

    [LoggerMessage(1, LogLevel.Warning, "{Code}: SQLite {Version} can lose commits when several processes use {Path} and one of them runs its own checkpoints. Carillon's connections avoid it; update SQLite to 3.51.3 or later to be safe from others.")]
    public static partial void FaultySqlite(this ILogger logger, string code, string version, string path);

    [LoggerMessage(2, LogLevel.Information, "{Path} has {Stored} partitions, fixed when it was created; the configured {Configured} are ignored.")]
    public static partial void PartitionsDiffer(this ILogger logger, string path, int stored, int configured);

    [LoggerMessage(3, LogLevel.Warning, "Changes to {Path} by other processes cannot be watched; it is looked at every {Milliseconds} ms instead.")]
    public static partial void CannotWatch(this ILogger logger, Exception? exception, string path, double milliseconds);

    [LoggerMessage(4, LogLevel.Error, "Work on {Path} failed and is tried again: {What}")]
    public static partial void WorkFailed(this ILogger logger, Exception exception, string path, string what);

    [LoggerMessage(5, LogLevel.Warning, "{Subscription} lost the partitions {Partitions} to another instance; what was in work there may be handled twice.")]
    public static partial void PartitionsLost(this ILogger logger, string subscription, string partitions);

    [LoggerMessage(6, LogLevel.Information, "{Subscription} reads the partitions {Partitions}.")]
    public static partial void PartitionsGained(this ILogger logger, string subscription, string partitions);

    [LoggerMessage(7, LogLevel.Warning, "{Path} holds {Bytes} bytes, more than its retention allows, because {Subscription} has not finished older messages. Start it, or delete its row in carillon_subscriptions if it is gone for good.")]
    public static partial void RetentionBlocked(this ILogger logger, string path, long bytes, string subscription);
}
