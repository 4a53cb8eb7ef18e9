using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>What happens to services, for the log.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1001, LogLevel.Information, "Service {Service} is up on {Transport} with {Subscriptions} subscriptions")]
    public static partial void Started(ILogger logger, LogText service, LogText transport, int subscriptions);

    [LoggerMessage(1002, LogLevel.Information, "Service {Service} has stopped")]
    public static partial void Stopped(ILogger logger, LogText service);

    [LoggerMessage(1003, LogLevel.Warning, "Service {Service} has stopped without waiting further for {Parts}: the grace time of the host was over; nothing that was confirmed is lost, and the next start goes on from there")]
    public static partial void StoppedWithout(ILogger logger, LogText service, LogText parts);

    [LoggerMessage(1004, LogLevel.Error, "A part of service {Service} failed while it stopped")]
    public static partial void StopFailed(ILogger logger, LogText service, Exception error);
}
