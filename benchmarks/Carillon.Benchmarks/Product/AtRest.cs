using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Benchmarks;

/// <summary>What it costs to do nothing while many keys are held up, each by a message that failed: memory, processor time and garbage.</summary>
public sealed class AtRest(BenchmarkArguments arguments)
{
    private const int Batch = 1_000;
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _rest = TimeSpan.FromSeconds(20);

    public async Task RunAsync()
    {
        Console.WriteLine("| at rest | keys | memory, KiB | of a core | garbage, KiB/s |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: |");
        await RunAsync("nothing", DeadLetterPolicy.ParkKey, 0);
        await RunAsync("held up behind dead letters", DeadLetterPolicy.ParkKey, arguments.AtRest);
        await RunAsync("stopped", DeadLetterPolicy.StopKey, arguments.AtRest / 50);
    }

    private async Task RunAsync(string name, DeadLetterPolicy policy, int keys)
    {
        var folder = Directory.CreateDirectory(Path.Combine(arguments.Folder, $"carillon-benchmark-{Guid.NewGuid():N}")).FullName;
        await RunAsync(folder, name, policy, keys);
        Directory.Delete(folder, recursive: true);
    }

    private async Task RunAsync(string folder, string name, DeadLetterPolicy policy, int keys)
    {
        using var host = Build(folder, policy);
        await host.StartAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await PublishAsync(host.Services.GetRequiredService<IEventBus>(), keys);
        var letters = host.Services.GetRequiredService<IDeadLetters>();
        while (await letters.CountAsync(new DeadLetterQuery()) < keys)
            await Task.Delay(_look);
        await Task.Delay(_rest / 4);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (began, cpu, garbage) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true));
        await Task.Delay(_rest);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var ofCore = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / seconds;
        var garbageRate = (GC.GetTotalAllocatedBytes(precise: true) - garbage) / 1024 / seconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {keys:N0} | {held / 1024:N0} | {ofCore:N3} | {garbageRate:N0} |"));
        await host.StopAsync();
    }

    private IHost Build(string folder, DeadLetterPolicy policy)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddCarillon("shop", carillon => (arguments.PostgreSql is { } server ? carillon.UsePostgreSql(server) : carillon.UseSqlite($"Data Source={Path.Combine(folder, "shop.db")}"))
            .UseJson(EventJson.Default)
            .Subscription(subscription =>
            {
                subscription.DeadLetters = policy;
                subscription.Retry(retry => retry.DoNotRetry<FormatException>());
            })
            .On<OrderCreated>((_, _) => throw new FormatException("It is never right.")));
        return builder.Build();
    }

    private static async Task PublishAsync(IEventBus bus, int keys)
    {
        for (var published = 0; published < keys; published += Batch)
        {
            await bus.PublishBatchAsync([.. Enumerable.Range(published, Math.Min(Batch, keys - published)).Select(KeyOf)]);
        }
    }

    private static OrderCreated KeyOf(int number) => SampleEvents.Create(number) with { OrderId = string.Create(CultureInfo.InvariantCulture, $"order-{number}") };
}
