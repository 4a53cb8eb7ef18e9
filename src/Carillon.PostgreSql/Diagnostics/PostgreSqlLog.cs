using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.PostgreSql;

/// <summary>What this package tells operators.</summary>
internal static partial class PostgreSqlLog
{
    public const string Category = "Carillon.PostgreSql";

    [LoggerMessage(1, LogLevel.Information, "{Database} has {Stored} partitions, fixed when its tables were created; the configured {Configured} are ignored.")]
    public static partial void PartitionsDiffer(this ILogger logger, LogText database, int stored, int configured);

    [LoggerMessage(2, LogLevel.Warning, "Notifications of {Database} cannot be received until the connection is back; changes are found every {Milliseconds} ms meanwhile.")]
    public static partial void ListeningFailed(this ILogger logger, Exception exception, LogText database, double milliseconds);

    [LoggerMessage(3, LogLevel.Information, "Notifications of {Database} are received again.")]
    public static partial void ListeningAgain(this ILogger logger, LogText database);

    [LoggerMessage(4, LogLevel.Warning, "Other processes cannot be notified through {Database}; they find changes by looking now and then.")]
    public static partial void RingingFailed(this ILogger logger, Exception exception, LogText database);

    [LoggerMessage(7, LogLevel.Warning, "{Database} did not answer within {Seconds} s while it was closed; its connections are left to the operating system.")]
    public static partial void ClosedWithoutAnswer(this ILogger logger, LogText database, double seconds);

    [LoggerMessage(8, LogLevel.Warning, "{Database} cannot be reached yet; the start waits for it, at most {Patience}. {Reason}")]
    public static partial void WaitingForServer(this ILogger logger, LogText database, TimeSpan patience, LogText reason);

    [LoggerMessage(5, LogLevel.Warning, "A pooler in transaction mode is before {Database}: statements are not prepared, and notifications cannot be received, so changes by other processes are found every {Milliseconds} ms. Give SessionConnectionString, which leads to the server itself, to be notified.")]
    public static partial void PoolerFound(this ILogger logger, LogText database, double milliseconds);

    [LoggerMessage(6, LogLevel.Information, "A pooler in transaction mode is before {Database}: statements are not prepared, and notifications are received from {SessionDatabase}.")]
    public static partial void PoolerFoundWithSession(this ILogger logger, LogText database, LogText sessionDatabase);
}
