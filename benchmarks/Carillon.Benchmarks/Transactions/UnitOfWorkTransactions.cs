using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.Benchmarks;

/// <summary>Carillon's units of work: published in one, handled exactly once in another.</summary>
public sealed class UnitOfWorkTransactions(string group, string server) : TransactionWorkload(group, "Carillon, unit of work", server)
{
    protected override async Task<RunResult> RunAsync(TimeSpan duration, LatencyRecorder recorder)
    {
        using var host = await ShopHost.StartAsync(Server, typeof(ReservingSubscription));
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
