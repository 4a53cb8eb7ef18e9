using Microsoft.Extensions.Logging;

namespace Carillon.Hosting;

/// <summary>What happens to services, for the log.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1001, LogLevel.Information, "Service {Service} is up on {Transport} with {Subscriptions} subscriptions")]
    public static partial void Started(ILogger logger, string service, string transport, int subscriptions);

    [LoggerMessage(1002, LogLevel.Information, "Service {Service} has stopped")]
    public static partial void Stopped(ILogger logger, string service);
}
