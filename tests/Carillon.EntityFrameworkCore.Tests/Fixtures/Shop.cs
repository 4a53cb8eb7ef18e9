using System.Collections.Concurrent;
using Carillon.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A running host with one service and the contexts of a shop, on one database.</summary>
public sealed class Shop : IAsyncDisposable
{
    /// <summary>An order's number that says: everything published before it must have arrived by now.</summary>
    private const int Last = int.MaxValue;

    private readonly ConcurrentQueue<int> _handled = new();
    private readonly IHost _host;

    private Shop(ShopDatabase database, Action<IServiceCollection> addContexts, Action<ICarillonBuilder>? configure)
    {
        Database = database;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        addContexts(builder.Services);
        builder.AddCarillon("shop", carillon =>
        {
            database.Use(carillon);
            carillon.On<OrderPlaced>(placed => _handled.Enqueue(placed.Number));
            configure?.Invoke(carillon);
        });
        _host = builder.Build();
    }

    public ShopDatabase Database { get; }

    public IServiceProvider Services => _host.Services;

    public IEventBus Bus => Services.GetRequiredService<IEventBus>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Shop> OpenAsync(
        ShopDatabase database, Action<IServiceCollection>? addContexts = null, Action<ICarillonBuilder>? configure = null)
    {
        await database.CreateAsync();
        var shop = new Shop(database, addContexts ?? (services => services.AddShop(database.Use)), configure);
        await shop.InContextAsync(context => context.Database.EnsureCreatedAsync(Cancellation));
        await shop._host.StartAsync(Cancellation);
        return shop;
    }

    /// <summary>A context of a scope of its own, or of a factory.</summary>
    public async Task InContextAsync(Func<ShopContext, Task> use)
    {
        await using var scope = Services.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<ShopContext>() is { } scoped)
        {
            await use(scoped);
            return;
        }

        await using var rented = await Services.GetRequiredService<IDbContextFactory<ShopContext>>().CreateDbContextAsync(Cancellation);
        await use(rented);
    }

    /// <summary>Waits until so many orders were published and handled.</summary>
    public Task HasPublishedAsync(int count) => Eventually.IsTrueAsync(() => _handled.Count >= count);

    /// <summary>Waits until as many orders were published and handled as these, and checks that they are these.</summary>
    public async Task HasPublishedInAnyOrderAsync(IReadOnlyCollection<int> published)
    {
        await HasPublishedAsync(published.Count);
        Assert.Equal(published.Order(), _handled.Order());
    }

    /// <summary>Checks that these orders are stored, and that exactly these were published, in this order.</summary>
    public async Task HasAsync(int[] stored, int[] published, bool isInAnyOrder = false)
    {
        await Bus.PublishAsync(new OrderPlaced("last", Last), Cancellation);
        await Eventually.IsTrueAsync(() => _handled.Contains(Last));
        // Customers are keys, and lanes of different keys run side by side.
        await Eventually.IsTrueAsync(() => _handled.Count(number => number != Last) >= published.Length);
        var handled = _handled.Where(number => number != Last);
        Assert.Equal(published, isInAnyOrder ? handled.Order() : handled);
        await InContextAsync(async context =>
            Assert.Equal(stored, await context.Orders.OrderBy(order => order.Number).Select(order => order.Number).ToArrayAsync(Cancellation)));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        await Database.DisposeAsync();
    }
}
