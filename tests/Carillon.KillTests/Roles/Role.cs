using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.KillTests;

/// <summary>A process of the crew: runs until it is asked to stop, or dies.</summary>
internal static class Role
{
    /// <summary>What a process prints when it works.</summary>
    public const string Ready = "ready";

    /// <summary>Runs the process.</summary>
    public static async Task<int> RunAsync(RoleSettings settings)
    {
        var path = HistoryFolder.PathOf(settings.Folder, settings.Place);
        var earlier = File.Exists(path) ? new HistoryFile(path).ReadNew() : [];
        using var history = new HistoryWriter(path);
        Orders.Follow(failpoint => FailpointTrap.Set(failpoint, settings.Process, history));
        if (settings.Failpoint is { } planned)
            FailpointTrap.Set(planned, settings.Process, history);
        var transport = TransportChoice.Create(settings.Transport, settings.Address, settings.Timing);
        if (settings.Role == RoleName.Publisher)
            await PublisherRole.RunAsync(settings, transport, history, earlier);
        else
            await HandlerRole.RunAsync(settings, transport);
        return 0;
    }

    /// <summary>A host that says what it does on standard error, which the harness keeps beside the histories.</summary>
    public static HostApplicationBuilder CreateHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.UseUtcTimestamp, console.TimestampFormat) = (true, true, "HH:mm:ss.ffffff "))
            .SetMinimumLevel(LogLevel.Warning).AddFilter("Carillon", LogLevel.Debug);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return builder;
    }
}
