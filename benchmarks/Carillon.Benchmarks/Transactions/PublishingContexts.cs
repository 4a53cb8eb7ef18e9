using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks;

/// <summary>Carillon with Entity Framework Core: published in a context, handled exactly once by a handler that takes one.</summary>
public sealed class PublishingContexts(string group, string server, bool isPooled) : TransactionWorkload(group, $"Carillon, {ShopContexts.Name(isPooled)}", server)
{
    protected override async Task<RunResult> RunAsync(TimeSpan duration, LatencyRecorder recorder)
    {
        using var host = await ShopHost.StartAsync(Server, typeof(SavingSubscription),
            services => services.AddShopContexts(isPooled, (provider, options) => options.UseNpgsql(Server).UseCarillon(provider)));
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
