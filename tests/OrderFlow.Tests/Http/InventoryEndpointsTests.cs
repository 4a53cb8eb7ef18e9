using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Http;

public sealed class InventoryEndpointsTests(OpenShop shop) : IClassFixture<OpenShop>
{
    [Fact]
    public async Task GetInventory_ShouldShowTheOpeningStock_WhenNothingWasOrdered()
    {
        var stock = await shop.Http.ListAsync("/inventory");
        Assert.Equal(
            [("PROD-001", "iPhone 15", 100), ("PROD-002", "MacBook Pro", 50), ("PROD-003", "AirPods Pro", 200)],
            stock.Select(product => ((string)product!["productId"]!, (string)product["name"]!, (int)product["available"]!)));
    }
}
