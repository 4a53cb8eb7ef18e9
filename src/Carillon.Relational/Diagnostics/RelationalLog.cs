using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Relational;

/// <summary>What the algorithms tell operators, whichever database they run on.</summary>
internal static partial class RelationalLog
{
    [LoggerMessage(2, LogLevel.Information, "{Database} has {Stored} partitions, fixed when it was created; the configured {Configured} are ignored.")]
    public static partial void PartitionsDiffer(this ILogger logger, LogText database, int stored, int configured);

    [LoggerMessage(4, LogLevel.Error, "Work on {Database} failed and is tried again: {What}")]
    public static partial void WorkFailed(this ILogger logger, Exception exception, LogText database, LogText what);

    [LoggerMessage(8, LogLevel.Error, "{Database} cannot be reached. What needs it waits and goes on by itself. {Reason}")]
    public static partial void Unreachable(this ILogger logger, LogText database, LogText reason);

    [LoggerMessage(9, LogLevel.Error, "{Database} still cannot be reached after {Lasted}, {Count} tries. {Reason}")]
    public static partial void StillUnreachable(this ILogger logger, LogText database, TimeSpan lasted, long count, LogText reason);

    [LoggerMessage(10, LogLevel.Information, "{Database} is reached again after {Lasted}.")]
    public static partial void ReachedAgain(this ILogger logger, LogText database, TimeSpan lasted);

    [LoggerMessage(5, LogLevel.Warning, "{Subscription} has lost its right to the partitions {Partitions}: the leases were not renewed in time, and another instance may have them. What was in work there may be handled twice.")]
    public static partial void PartitionsLost(this ILogger logger, LogText subscription, LogText partitions);

    [LoggerMessage(11, LogLevel.Warning, "{Subscription} ends without giving its partitions back, because {Database} does not answer in time; others take them when the lease is over.")]
    public static partial void Abandoned(this ILogger logger, LogText subscription, LogText database);

    [LoggerMessage(6, LogLevel.Information, "{Subscription} reads the partitions {Partitions}.")]
    public static partial void PartitionsGained(this ILogger logger, LogText subscription, LogText partitions);

    [LoggerMessage(7, LogLevel.Warning, "{Code}: {Database} cannot remove old messages: {Hold}")]
    public static partial void RetentionHeld(this ILogger logger, LogText code, LogText database, LogText hold);

    [LoggerMessage(12, LogLevel.Information, "{Subscription} leaves partitions to other instances, because their next messages are of types that only those handle: {Partitions}")]
    public static partial void SteppedAside(this ILogger logger, LogText subscription, LogText partitions);

    [LoggerMessage(13, LogLevel.Information, "This instance of {Subscription} stands by: it reads nothing while another instance lives that handles everything that it handles, and more.")]
    public static partial void StandsBy(this ILogger logger, LogText subscription);

    [LoggerMessage(14, LogLevel.Information, "This instance of {Subscription} takes its share again.")]
    public static partial void TakesPartAgain(this ILogger logger, LogText subscription);

    [LoggerMessage(15, LogLevel.Warning, "{Subscription} no longer asks for {Topics}: no running instance has declared them for {Retention}.")]
    public static partial void TopicsRetired(this ILogger logger, LogText subscription, LogText topics, TimeSpan retention);

    [LoggerMessage(16, LogLevel.Warning, "{Code}: two programs share the subscription {Subscription} and handle different messages. Here {Application} {Version} handles {Mine} that the other does not; {OtherApplication} {OtherVersion} handles {Theirs} that this one does not. Give one of the two services another name.")]
    public static partial void ForeignApplication(
        this ILogger logger, LogText code, LogText subscription, LogText application, LogText version, LogText mine, LogText otherApplication, LogText otherVersion, LogText theirs);

    [LoggerMessage(17, LogLevel.Warning, "This process did not come to renewing its leases in {Database} in time, and did so from a thread that is kept for that. Either handlers block all its threads: let them await what they wait for, lower Concurrency, or raise ThreadPool.SetMinThreads. Or the database kept it waiting: look for transactions that stay open.")]
    public static partial void LeasesRenewedLate(this ILogger logger, LogText database);
}
