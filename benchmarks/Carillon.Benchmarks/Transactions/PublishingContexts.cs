using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Benchmarks;

/// <summary>Carillon with Entity Framework Core: published in a context, handled exactly once by a handler that takes one.</summary>
public sealed class PublishingContexts(string group, string server) : TransactionWorkload(group, "Carillon, contexts", server)
{
    protected override async Task<RunResult> RunAsync(TimeSpan duration, LatencyRecorder recorder)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDbContext<ShopContext>((provider, options) => options.UseNpgsql(Server).UseCarillon(provider));
        builder.AddCarillon("shop", carillon => carillon
            .UsePostgreSql(Server, static options => options.Schema = ShopTables.Schema)
            .UseJson(EventJson.Default)
            .Subscription(static subscription => subscription.Concurrency = Publishers)
            .AddHandlers(typeof(SavingSubscription)));
        using var host = builder.Build();
        await host.StartAsync();
        var result = await Benchmarks.Publishers.RunAsync(Publishers, duration, order => PublishAsync(host.Services, order), recorder, copies: 1);
        await host.StopAsync();
        return result;
    }

    private static async ValueTask PublishAsync(IServiceProvider services, OrderCreated order)
    {
        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShopContext>();
        context.Orders.Add(new Order { Number = order.OrderId, Total = order.TotalAmount });
        context.Publish(order);
        await context.SaveChangesAsync();
    }
}
