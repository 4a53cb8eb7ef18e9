using System.Net;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Durability;

public sealed class FourProcessesTests
{
    private static readonly string[] Services = ["orders", "inventory", "payment", "email"];

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Services_ShouldLoseNothing_WhenKilledOneAtATimeInProcessesOfTheirOwn(string database)
    {
        const int orders = 200, atOnce = 8, kills = 8, seed = 42;
        var random = new Random(seed);
        var moments = new Queue<int>(Enumerable.Range(0, kills).Select(_ => random.Next(orders)).Order());
        await using var storage = await ShopStorage.CreateAsync(database);
        await using var shop = await ShopProcesses.StartAsync(storage.Folder, Services, storage.Arguments);
        var customer = new ShopCustomer(seed);
        while (customer.Accepted.Count < orders || moments.Count > 0)
        {
            if (moments.TryPeek(out var moment) && customer.Accepted.Count >= moment)
            {
                moments.Dequeue();
                var killed = Services[random.Next(Services.Length)];
                await customer.OrderAsync(shop["orders"].Http, atOnce, answered: random.Next(atOnce), () => shop.KillAsync(killed));
                await shop.StartAsync(killed);
            }

            Assert.True(await customer.OrderAsync(shop["orders"].Http, atOnce));
        }

        await ShopBooks.BalanceAsync(shop["inventory"].Http, customer.Accepted);
    }

    [Fact]
    public async Task Services_ShouldCatchUp_WhenTheyStartLongAfterTheOrder()
    {
        using var folder = new ShopFolder();
        await using var shop = await ShopProcesses.StartAsync(folder.Path, ["orders"]);
        var orderId = await shop["orders"].Http.PlaceOrderAsync("PROD-001", 1);
        foreach (var service in (string[])["email", "payment", "inventory"])
            await shop.StartAsync(service);
        Assert.Equal("paid", (string)(await shop["email"].Http.SeeFinalAsync(orderId))["status"]!);
        await ShopBooks.BalanceAsync(shop["payment"].Http, [orderId]);
    }

    [Fact]
    public async Task PostOrders_ShouldAnswer405_WhenTheProcessDoesNotRunTheOrdersService()
    {
        using var folder = new ShopFolder();
        await using var shop = await ShopProcesses.StartAsync(folder.Path, ["inventory"]);
        var (status, problem) = await shop["inventory"].Http.PostAsync("/orders", ShopRequests.OrderJson("PROD-001", 1));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, status);
        Assert.Contains("--service orders", (string)problem!["detail"]!, StringComparison.Ordinal);
    }
}
