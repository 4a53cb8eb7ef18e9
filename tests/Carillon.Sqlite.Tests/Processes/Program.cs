using System.Globalization;

namespace Carillon.Sqlite.Tests;

/// <summary>Runs the tests, or is the second process of one of them.</summary>
internal static class Program
{
    /// <summary>The first argument that makes the executable a worker.</summary>
    public const string Worker = "worker";

    public static Task<int> Main(string[] arguments)
    {
        if (arguments is [Worker, var role, var connectionString, var name, var leaseMilliseconds])
            return WorkAsync(role, connectionString, name, int.Parse(leaseMilliseconds, CultureInfo.InvariantCulture));
        return Array.Exists(arguments, argument => argument is "-automated" or "@@")
            ? Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(arguments)
            : Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
    }

    private static async Task<int> WorkAsync(string role, string connectionString, string name, int leaseMilliseconds)
    {
        await (role switch
        {
            "publish" => PublishingWorker.RunAsync(connectionString, name),
            "consume" => ConsumingWorker.RunAsync(connectionString, name, leaseMilliseconds, holds: false),
            "hold" => ConsumingWorker.RunAsync(connectionString, name, leaseMilliseconds, holds: true),
            "block" => BlockingWorker.RunAsync(connectionString, name, leaseMilliseconds),
            "die" => DyingWorker.RunAsync(connectionString, name, diesReading: false),
            "die-reading" => DyingWorker.RunAsync(connectionString, name, diesReading: true),
            "die-committed" => DyingWorker.RunCommittingAsync(connectionString, name),
            "die-losing" => DyingWorker.RunLosingAsync(connectionString, name),
            "transport-away" => OutboxWorker.RunWithoutTransportAsync(connectionString, name),
            "store-away" => OutboxWorker.RunWithoutStoreAsync(connectionString, name),
            _ => throw new ArgumentException($"There is no worker {role}."),
        });
        return 0;
    }
}
