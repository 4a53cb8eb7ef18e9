using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Benchmarks;

/// <summary>How long an event waits that is published behind N events of one key, each of which takes its handler 10 ms, while all other workers are idle.</summary>
public sealed class HotKey(BenchmarkArguments arguments)
{
    private const int Batch = 1_000;
    private const int Concurrency = 16;
    private static readonly TimeSpan _work = TimeSpan.FromMilliseconds(10);

    private readonly TaskCompletionSource _coldHandled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hotHandled;

    public async Task RunAsync()
    {
        var folder = Directory.CreateDirectory(Path.Combine(arguments.Folder, $"carillon-benchmark-{Guid.NewGuid():N}")).FullName;
        var waited = await MeasureAsync(folder);
        Console.WriteLine("| a hot key | events of it | another event waited, ms | handled of it until then |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {(arguments.PostgreSql is null ? "SQLite" : "PostgreSQL")} | {arguments.HotKey:N0} | {waited.TotalMilliseconds:N0} | {Volatile.Read(ref _hotHandled):N0} |"));
        Directory.Delete(folder, recursive: true);
    }

    private async Task<TimeSpan> MeasureAsync(string folder)
    {
        using var host = Build(folder);
        await host.StartAsync();
        var bus = host.Services.GetRequiredService<IEventBus>();
        var hot = SampleEvents.Create(0) with { OrderId = "hot" };
        for (var published = 0; published < arguments.HotKey; published += Batch)
            await bus.PublishBatchAsync([.. Enumerable.Repeat(hot, Math.Min(Batch, arguments.HotKey - published))]);
        var began = Stopwatch.GetTimestamp();
        await bus.PublishAsync(hot with { OrderId = "cold" });
        await _coldHandled.Task;
        var waited = Stopwatch.GetElapsedTime(began);
        await host.StopAsync();
        return waited;
    }

    private IHost Build(string folder)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddCarillon("shop", carillon => (arguments.PostgreSql is { } server ? carillon.UsePostgreSql(server) : carillon.UseSqlite($"Data Source={Path.Combine(folder, "shop.db")}"))
            .UseJson(EventJson.Default)
            .Subscription(static subscription => subscription.Concurrency = Concurrency)
            .On<OrderCreated>(async (order, _) => await HandleAsync(order)));
        return builder.Build();
    }

    private async Task HandleAsync(OrderCreated order)
    {
        if (order.OrderId == "cold")
        {
            _coldHandled.TrySetResult();
            return;
        }

        await Task.Delay(_work);
        Interlocked.Increment(ref _hotHandled);
    }
}
