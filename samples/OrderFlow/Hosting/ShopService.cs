using Carillon;
using Carillon.Transports;
using OrderFlow.Email;
using OrderFlow.Inventory;
using OrderFlow.Orders;
using OrderFlow.Payment;
using OrderFlow.Users;
using OrderFlow.Web;

namespace OrderFlow.Hosting;

/// <summary>One service of the shop: its name, which is also its subscription, and the class with its handlers.</summary>
internal sealed record ShopService(string Name, Type Handlers)
{
    public static ShopService Orders { get; } = new("orders", typeof(OrderHandlers));

    public static ShopService Users { get; } = new("users", typeof(UserHandlers));

    public static ShopService Inventory { get; } = new("inventory", typeof(InventoryHandlers));

    public static ShopService Payment { get; } = new("payment", typeof(PaymentHandlers));

    public static ShopService Email { get; } = new("email", typeof(EmailHandlers));

    /// <summary>
    /// Adds what the service handles. It begins with the oldest event there is, so that services may be started in any order, also for the
    /// first time.
    /// </summary>
    public ICarillonBuilder AddTo(ICarillonBuilder carillon) => carillon.AddHandlers(Handlers).UseJson(ShopJson.Default).Subscription(subscription =>
    {
        subscription.Start = StartPosition.Beginning;
        subscription.Concurrency = 8;
    });
}
