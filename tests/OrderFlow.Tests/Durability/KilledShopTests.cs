using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Durability;

public sealed class KilledShopTests
{
    private const int Orders = 200, AtOnce = 10;

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Shop_ShouldLoseNothing_WhenKilledWhileOrdersComeIn(string database)
    {
        const int seed = 20261121;
        var random = new Random(seed);
        await using var storage = await ShopStorage.CreateAsync(database);
        var customer = new ShopCustomer(seed);
        foreach (var killAt in new[] { random.Next(30, 70), random.Next(90, 130) })
        {
            await using var shop = await ShopProgram.StartAsync(storage.Folder, storage.Arguments);
            while (customer.Accepted.Count < killAt)
                Assert.True(await customer.OrderAsync(shop.Http, AtOnce));
            // Some orders are on their way when the process dies, and earlier ones are half-way through the services.
            await customer.OrderAsync(shop.Http, AtOnce, answered: random.Next(AtOnce), shop.KillAsync);
        }

        await using var again = await ShopProgram.StartAsync(storage.Folder, storage.Arguments);
        while (customer.Accepted.Count < Orders)
            Assert.True(await customer.OrderAsync(again.Http, AtOnce));
        await ShopBooks.BalanceAsync(again.Http, customer.Accepted);
    }

    [Fact]
    public async Task Shop_ShouldKeepEverything_WhenStoppedAndStartedAgain()
    {
        using var folder = new ShopFolder();
        var customer = new ShopCustomer(seed: 7);
        string before;
        await using (var shop = await ShopProgram.StartAsync(folder.Path))
        {
            Assert.True(await customer.OrderAsync(shop.Http, AtOnce));
            await ShopBooks.BalanceAsync(shop.Http, customer.Accepted);
            before = (await shop.Http.ListAsync("/orders")).ToJsonString();
            using var stream = await EventStream.OpenAsync(shop.Http);
            Assert.Equal(0, await shop.StopAsync());
        }

        Assert.True(File.Exists(Path.Combine(folder.Path, "data", "shop.db")));
        await using var again = await ShopProgram.StartAsync(folder.Path);
        Assert.Equal(before, (await again.Http.ListAsync("/orders")).ToJsonString());
        await ShopBooks.BalanceAsync(again.Http, customer.Accepted);
    }
}
