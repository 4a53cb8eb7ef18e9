using Microsoft.Extensions.Logging;

namespace Carillon.PostgreSql;

/// <summary>What this package tells operators.</summary>
internal static partial class PostgreSqlLog
{
    public const string Category = "Carillon.PostgreSql";

    [LoggerMessage(1, LogLevel.Information, "{Database} has {Stored} partitions, fixed when its tables were created; the configured {Configured} are ignored.")]
    public static partial void PartitionsDiffer(this ILogger logger, string database, int stored, int configured);

    [LoggerMessage(2, LogLevel.Warning, "Notifications of {Database} cannot be received until the connection is back; changes are found every {Milliseconds} ms meanwhile.")]
    public static partial void ListeningFailed(this ILogger logger, Exception exception, string database, double milliseconds);

    [LoggerMessage(3, LogLevel.Information, "Notifications of {Database} are received again.")]
    public static partial void ListeningAgain(this ILogger logger, string database);

    [LoggerMessage(4, LogLevel.Warning, "Other processes cannot be notified through {Database}; they find changes by looking now and then.")]
    public static partial void RingingFailed(this ILogger logger, Exception exception, string database);
}
