using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Carillon.Benchmarks;

/// <summary>A host with one service on a transport, as a user would write it, with quiet logging.</summary>
public sealed class CarillonHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string? _folder;

    private CarillonHost(IHost host, string? folder)
    {
        _host = host;
        _folder = folder;
        Bus = host.Services.GetRequiredService<IEventBus>();
    }

    public IEventBus Bus { get; }

    /// <summary>Starts it; with a folder on SQLite, otherwise in memory.</summary>
    public static async Task<CarillonHost> StartAsync(string? parent, int subscriptions)
    {
        var folder = parent is null ? null : Directory.CreateDirectory(Path.Combine(parent, $"carillon-benchmark-{Guid.NewGuid():N}")).FullName;
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddCarillon("shop", carillon => (folder is null ? carillon.UseInMemory() : carillon.UseSqlite($"Data Source={Path.Combine(folder, "shop.db")}"))
            .UseJson(EventJson.Default)
            .AddHandlers(subscriptions == 1 ? typeof(OneSubscription) : typeof(ThreeSubscriptions)));
        var host = builder.Build();
        await host.StartAsync();
        return new(host, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }
}
