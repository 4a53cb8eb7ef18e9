using System.Diagnostics.CodeAnalysis;
using Carillon;
using Carillon.Testing;
using OrderFlow.Contracts;
using OrderFlow.Hosting;

namespace OrderFlow.CrashTests;

/// <summary>The shop in a simulated world: its five services with their handlers as they are, and its rows in a SQLite file.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The world disposes the file when it ends.")]
internal sealed class SimulatedShop
{
    private static readonly ShopService[] _services = [ShopService.Orders, ShopService.Inventory, ShopService.Payment, ShopService.Email];

    private readonly SqlFile _rows = new(ShopData.Schema);

    /// <summary>How many orders were placed.</summary>
    public int Placed { get; private set; }

    /// <summary>Adds the shop to a world.</summary>
    public static SimulatedShop Open(SimulationWorld world)
    {
        var shop = new SimulatedShop();
        world.Use(WorldShape.OneDatabase).UseSql(shop._rows.Create).OnEnd(shop._rows.Dispose);
        foreach (var service in _services)
            world.AddService(service.Name, carillon => Configure(carillon, service), instances: world.Random.Next(1, 3));
        return shop;
    }

    /// <summary>A customer who buys this and that, some of it more than there is, some of it for more than the bank pays.</summary>
    public async Task BuyAsync(SimulatedClient client)
    {
        for (var number = client.Random.Next(3, 8); number > 0; number--)
        {
            var (product, price) = client.Random.Next(3) switch
            {
                0 => ("PROD-001", 7_999m),
                1 => ("PROD-002", 15_999m),
                _ => ("PROD-003", 1_899m),
            };
            var quantity = client.Random.Next(1, 40);
            await client.PublishAsync(new OrderCreated($"order-{number}", "user-1", [new OrderLine(product, quantity, price)], quantity * price));
            Placed++;
        }
    }

    /// <summary>How many rows there are.</summary>
    public long Count(string rows) => _rows.Number($"SELECT COUNT(*) FROM {rows}");

    /// <summary>The sum of a column.</summary>
    public long Sum(string column, string rows) => _rows.Number($"SELECT CAST(COALESCE(SUM({column}), 0) AS INTEGER) FROM {rows}");

    private static void Configure(ICarillonBuilder carillon, ShopService service)
    {
        carillon.Services.AddShopData(new SimulatedStorage());
        service.AddTo(carillon);
    }
}
