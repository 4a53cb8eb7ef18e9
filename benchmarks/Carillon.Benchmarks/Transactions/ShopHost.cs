using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Benchmarks;

/// <summary>A host with the shop's service on a server, as a user would write it, with quiet logging.</summary>
public static class ShopHost
{
    public static async Task<IHost> StartAsync(string server, Type handlers, Action<IServiceCollection>? addServices = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        addServices?.Invoke(builder.Services);
        builder.AddCarillon("shop", carillon => carillon
            .UsePostgreSql(server, static options => options.Schema = ShopTables.Schema)
            .UseJson(EventJson.Default)
            .Subscription(static subscription => subscription.Concurrency = TransactionWorkload.Publishers)
            .AddHandlers(handlers));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
