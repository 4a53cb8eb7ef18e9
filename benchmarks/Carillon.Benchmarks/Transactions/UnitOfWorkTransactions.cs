using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Carillon.Benchmarks;

/// <summary>Carillon's units of work: published in one, handled exactly once in another.</summary>
public sealed class UnitOfWorkTransactions(string group, string server) : TransactionWorkload(group, "Carillon, unit of work", server)
{
    protected override async Task<RunResult> RunAsync(TimeSpan duration, LatencyRecorder recorder)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddCarillon("shop", carillon => carillon
            .UsePostgreSql(Server, static options => options.Schema = ShopTables.Schema)
            .UseJson(EventJson.Default)
            .Subscription(static subscription => subscription.Concurrency = Publishers)
            .AddHandlers(typeof(ReservingSubscription)));
        using var host = builder.Build();
        await host.StartAsync();
        var bus = host.Services.GetRequiredService<IEventBus>();
        var result = await Benchmarks.Publishers.RunAsync(Publishers, duration, order => PublishAsync(bus, order), recorder, copies: 1);
        await host.StopAsync();
        return result;
    }

    private static async ValueTask PublishAsync(IEventBus bus, OrderCreated order)
    {
        await using var work = await bus.BeginAsync();
        await using (var add = ShopSql.AddOrder((NpgsqlConnection)work.Connection, order))
            await add.ExecuteNonQueryAsync();
        await bus.PublishAsync(order);
        await work.CommitAsync();
    }
}
