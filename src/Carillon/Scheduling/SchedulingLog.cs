using Microsoft.Extensions.Logging;

namespace Carillon.Scheduling;

/// <summary>What happens to messages that are to be published later, for the log.</summary>
internal static partial class SchedulingLog
{
    [LoggerMessage(1401, LogLevel.Error, "The schedule of {Service} could not be read or changed for the {Failures}. time in a row; nothing is lost, and it is tried again")]
    public static partial void ReleaseFailed(ILogger logger, string service, int failures, Exception error);

    [LoggerMessage(1402, LogLevel.Warning, "Service {Service} stopped without waiting further for scheduled messages that were being published; those that were not stay on the schedule")]
    public static partial void Abandoned(ILogger logger, string service);

    [LoggerMessage(1403, LogLevel.Warning, "Scheduled message {Id} ({Type}) could not be published and is tried again in {Pause}")]
    public static partial void Postponed(ILogger logger, EventId id, string? type, TimeSpan pause, Exception error);

    [LoggerMessage(1404, LogLevel.Warning, "Service {Service} stops with {Count} scheduled messages in memory, which end with the process; a schedule in a store keeps them")]
    public static partial void LostInMemory(ILogger logger, string service, int count);
}
