using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>What happens to services, for the log.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1001, LogLevel.Information, "Service {Service} is up on {Transport} with {Subscriptions}")]
    public static partial void Started(ILogger logger, LogText service, LogText transport, LogText subscriptions);

    [LoggerMessage(1002, LogLevel.Information, "Service {Service} has stopped")]
    public static partial void Stopped(ILogger logger, LogText service);

    [LoggerMessage(1003, LogLevel.Warning, "Service {Service} has stopped without waiting further for {Parts}: the grace time of the host was over; nothing that was confirmed is lost, and the next start goes on from there")]
    public static partial void StoppedWithout(ILogger logger, LogText service, LogText parts);

    [LoggerMessage(1004, LogLevel.Error, "A part of service {Service} failed while it stopped")]
    public static partial void StopFailed(ILogger logger, LogText service, Exception error);

    [LoggerMessage(1005, LogLevel.Information, "Dead letter {Number} of {Subscription} is replayed: message {Id} ({Type}, key {Key})")]
    public static partial void Replayed(ILogger logger, long number, LogText subscription, LogText id, LogText type, LogText key);

    [LoggerMessage(1006, LogLevel.Warning, "Dead letter {Number} of {Subscription} was discarded: message {Id} ({Type}, key {Key})")]
    public static partial void Discarded(ILogger logger, long number, LogText subscription, LogText id, LogText type, LogText key);
}
