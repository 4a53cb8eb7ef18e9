using Microsoft.Extensions.Logging;

namespace Carillon.Relational;

/// <summary>What the algorithms tell operators, whichever database they run on.</summary>
internal static partial class RelationalLog
{
    [LoggerMessage(2, LogLevel.Information, "{Database} has {Stored} partitions, fixed when it was created; the configured {Configured} are ignored.")]
    public static partial void PartitionsDiffer(this ILogger logger, string database, int stored, int configured);

    [LoggerMessage(4, LogLevel.Error, "Work on {Database} failed and is tried again: {What}")]
    public static partial void WorkFailed(this ILogger logger, Exception exception, string database, string what);

    [LoggerMessage(5, LogLevel.Warning, "{Subscription} lost the partitions {Partitions} to another instance; what was in work there may be handled twice.")]
    public static partial void PartitionsLost(this ILogger logger, string subscription, string partitions);

    [LoggerMessage(6, LogLevel.Information, "{Subscription} reads the partitions {Partitions}.")]
    public static partial void PartitionsGained(this ILogger logger, string subscription, string partitions);

    [LoggerMessage(7, LogLevel.Warning, "{Database} holds {Bytes} bytes, more than its retention allows, because {Subscription} has not finished older messages. Start it, or delete its row in carillon_subscriptions if it is gone for good.")]
    public static partial void RetentionBlocked(this ILogger logger, string database, long bytes, string subscription);
}
