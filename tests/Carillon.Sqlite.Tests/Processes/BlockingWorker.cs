using System.Globalization;
using Carillon.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests;

/// <summary>A service whose handlers keep their threads, more of them than there are threads at hand, for longer than its lease.</summary>
internal static class BlockingWorker
{
    /// <summary>How long each handler keeps its thread.</summary>
    public static readonly TimeSpan Blocking = TimeSpan.FromSeconds(3);

    private const int Handlers = 64;

    /// <summary>How many threads there are: less than handlers that can run at once.</summary>
    public static int Threads { get; } = Math.Max(4, Environment.ProcessorCount);

    public static async Task RunAsync(string connectionString, string service, int leaseMilliseconds)
    {
        // What comes later than the messages comes to a thread when all handlers before it have ended.
        ThreadPool.SetMaxThreads(Threads, Threads);
        using var never = new ManualResetEventSlim();
        using var host = Build(connectionString, service, leaseMilliseconds, job =>
        {
            WorkerOutput.Say("begins", job.Number.ToString(CultureInfo.InvariantCulture));
            never.Wait(Blocking);
            WorkerOutput.Say("ended", job.Number.ToString(CultureInfo.InvariantCulture));
        });
        await host.StartAsync();
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }

    /// <summary>Such a service with another handler.</summary>
    public static IHost Build(string connectionString, string service, int leaseMilliseconds, Action<Job> handle)
    {
        var lease = TimeSpan.FromMilliseconds(leaseMilliseconds);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon(service, carillon => carillon
            .UseSqlite(connectionString, sqlite => (sqlite.LeaseTime, sqlite.BusyTimeout) = (lease, lease))
            .Subscription(subscription => (subscription.Start, subscription.Concurrency) = (StartPosition.Beginning, Handlers))
            .On(handle));
        return builder.Build();
    }

    /// <summary>Publishes a message for each handler, before anybody receives them.</summary>
    public static async Task PublishAsync(string connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("publisher", carillon => carillon.UseSqlite(connectionString));
        using var host = builder.Build();
        await host.StartAsync();
        for (var number = 0; number < Handlers; number++)
            await host.Services.GetRequiredService<IEventBus>().PublishAsync(new Job(number));
        await host.StopAsync();
    }

    /// <summary>A message of a key of its own.</summary>
    [Event("shop.blocking-job")]
    public sealed record Job([property: Key] int Number);
}
