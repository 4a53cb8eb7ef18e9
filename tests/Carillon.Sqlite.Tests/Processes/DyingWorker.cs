using System.Globalization;
using Carillon.Durability;
using Carillon.Transports;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Sqlite.Tests;

/// <summary>A service that dies of one message as processes do: no handler ends, nothing is returned or written down.</summary>
internal static class DyingWorker
{
    /// <summary>The number of the message that kills.</summary>
    public const int Deadly = 7;

    private static bool _diesReading;

    /// <param name="connectionString">The file.</param>
    /// <param name="service">The service.</param>
    /// <param name="diesReading">Whether it dies while the message is read, and not only in its handler.</param>
    public static async Task RunAsync(string connectionString, string service, bool diesReading)
    {
        _diesReading = diesReading;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon(service, carillon => carillon
            .UseSqlite(connectionString)
            .Subscription(subscription => subscription.Start = StartPosition.Beginning)
            .On<Job>(message =>
            {
                WorkerOutput.Say("begins", message.Number.ToString(CultureInfo.InvariantCulture));
                if (message.Number == Deadly)
                    Environment.FailFast("A message that kills.");
                WorkerOutput.Say("handled", message.Number.ToString(CultureInfo.InvariantCulture));
            }));
        using var host = builder.Build();
        await host.StartAsync();
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }

    /// <summary>A service that dies right after its handler's transaction has committed, and from then on whenever it finds that the message was handled.</summary>
    public static async Task RunCommittingAsync(string connectionString, string service)
    {
        var sign = new FileInfo(Path.Combine(Path.GetDirectoryName(new SqliteConnectionStringBuilder(connectionString).DataSource)!, "committed"));
        Failpoint.Reached = name =>
        {
            if (name == "unit-of-work.committed")
                sign.Create().Dispose();
            if (name == "unit-of-work.committed" || (name == "unit-of-work.claimed" && File.Exists(sign.FullName)))
                Environment.FailFast("A process that dies before it can write down that the message was handled.");
        };
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon(service, carillon => carillon
            .UseSqlite(connectionString)
            .Subscription(subscription => (subscription.Start, subscription.Delivery) = (StartPosition.Beginning, DeliveryGuarantee.ExactlyOnce))
            .On<Job>(message => WorkerOutput.Say("handled", message.Number.ToString(CultureInfo.InvariantCulture))));
        using var host = builder.Build();
        await host.StartAsync();
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }

    /// <summary>A service that handles at most once, and dies of every tenth message.</summary>
    public static async Task RunLosingAsync(string connectionString, string service)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon(service, carillon => carillon
            .UseSqlite(connectionString)
            .Subscription(subscription => (subscription.Start, subscription.Delivery, subscription.MaxInFlight) = (StartPosition.Beginning, DeliveryGuarantee.AtMostOnceMayLose, 4))
            .On<Job>(message =>
            {
                WorkerOutput.Say("begins", message.Number.ToString(CultureInfo.InvariantCulture));
                if (message.Number % 10 == Deadly)
                    Environment.FailFast("A message that kills, and is lost.");
                WorkerOutput.Say("handled", message.Number.ToString(CultureInfo.InvariantCulture));
            }));
        using var host = builder.Build();
        await host.StartAsync();
        await Console.In.ReadToEndAsync();
        await host.StopAsync();
    }

    /// <summary>Publishes one message.</summary>
    public static Task PublishOneAsync(IEventBus bus, int number) => bus.PublishAsync(new Job(number, number)).AsTask();

    /// <summary>Publishes messages, each with a key of its own but for one that follows the deadly one.</summary>
    public static async Task PublishAsync(string connectionString, int count)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddCarillon("publisher", carillon => carillon.UseSqlite(connectionString));
        using var host = builder.Build();
        await host.StartAsync();
        for (var number = 0; number < count; number++)
            await host.Services.GetRequiredService<IEventBus>().PublishAsync(new Job(number == Deadly + 1 ? Deadly : number, number));
        await host.StopAsync();
    }

    [Event("shop.job")]
    private sealed record Job([property: Key] int Key, int Number)
    {
        public int Number { get; init; } = Read(Number);

        private static int Read(int number)
        {
            if (_diesReading && number == Deadly)
                Environment.FailFast("A message that kills whoever reads it.");
            return number;
        }
    }
}
