using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Scheduling;

/// <summary>What happens to messages that are to be published later, for the log.</summary>
internal static partial class SchedulingLog
{
    [LoggerMessage(1401, LogLevel.Error, "The schedule of {Service} could not be read or changed{Failures}; nothing is lost, and it is tried again, and said again less often")]
    public static partial void ReleaseFailed(ILogger logger, LogText service, LogText failures, Exception error);

    [LoggerMessage(1405, LogLevel.Information, "The schedule of {Service} works again, after {Failures}")]
    public static partial void ReleasesAgain(ILogger logger, LogText service, LogText failures);

    [LoggerMessage(1402, LogLevel.Warning, "Service {Service} stopped without waiting further for scheduled messages that were being published; those that were not stay on the schedule")]
    public static partial void Abandoned(ILogger logger, LogText service);

    [LoggerMessage(1403, LogLevel.Warning, "Scheduled message {Id} ({Type}) could not be published and is tried again in {Pause}")]
    public static partial void Postponed(ILogger logger, LogText id, LogText type, TimeSpan pause, Exception error);

    [LoggerMessage(1404, LogLevel.Warning, "Service {Service} stops with {Count} scheduled messages in memory, which end with the process; a schedule in a store keeps them")]
    public static partial void LostInMemory(ILogger logger, LogText service, int count);
}
