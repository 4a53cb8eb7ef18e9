using Microsoft.Extensions.Logging.Console;

namespace OrderFlow.Hosting;

/// <summary>What the process prints: one line for each event that a service handles, and whatever needs attention.</summary>
internal static class ShopConsole
{
    public static void AddShopConsole(this ILoggingBuilder logging, bool quietly)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Default;
        });
        logging.SetMinimumLevel(quietly ? LogLevel.Warning : LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // What keeps the process from starting is printed once, readably, by the program itself.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }
}
