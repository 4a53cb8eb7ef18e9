using Carillon.Testing;

namespace OrderFlow.CrashTests;

/// <summary>The shop's own handlers, in worlds in which everything goes wrong that can.</summary>
public sealed class ShopCrashTests
{
    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("CARILLON_TEST_SEEDS"), out var seeds) ? seeds : 100;

    [Fact]
    public void Shop_ShouldKeepStockAndMoney_WhenAnythingFails() => Simulation.Of(world =>
    {
        var shop = SimulatedShop.Open(world);
        world.AddClient("orders", shop.BuyAsync);
        world.CheckAlways("stock is never negative", () => shop.Count("shop_products WHERE available < 0 OR reserved < 0") == 0);
        world.CheckAtRest("nothing appears and nothing gets lost on the shelf", () => shop.Sum("available + reserved", "shop_products") == 350);
        world.CheckAtRest("what is reserved is what was sold", () => shop.Sum("reserved", "shop_products") == shop.Sum("quantity", "shop_reservations"));
        world.CheckAtRest("every order was paid or rejected", () => shop.Count("shop_orders WHERE status IN ('paid', 'rejected')") == shop.Placed);
        world.CheckAtRest("money is conserved", () => shop.Sum("total", "shop_orders WHERE status = 'paid'") == shop.Sum("amount", "shop_payments WHERE state = 'processed'"));
        world.CheckAtRest("every customer got one letter", () => shop.Count("shop_emails") == shop.Placed);
    }).Run(Seeds).ThrowIfViolated();
}
