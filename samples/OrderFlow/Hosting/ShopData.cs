using OrderFlow.Email;
using OrderFlow.Inventory;
using OrderFlow.Orders;
using OrderFlow.Payment;
using OrderFlow.Storage;
using OrderFlow.Users;

namespace OrderFlow.Hosting;

/// <summary>What the handlers work on.</summary>
internal static class ShopData
{
    /// <summary>The tables of the whole shop, and what it opens with.</summary>
    public static IReadOnlyList<string> Schema { get; } =
        [.. OrderBook.Schema, .. Profiles.Schema, .. Accounts.Schema, .. Stock.Schema, .. Ledger.Schema, .. Mailbox.Schema];

    /// <summary>Adds it to a process.</summary>
    /// <param name="services">The services of the process.</param>
    /// <param name="storage">Where the rows are.</param>
    public static IServiceCollection AddShopData(this IServiceCollection services, IShopStorage storage) => services
        .AddSingleton(storage).AddSingleton<ShopDatabase>()
        .AddSingleton<OrderBook>().AddSingleton<Profiles>().AddSingleton<Accounts>()
        .AddSingleton<Stock>().AddSingleton<Ledger>().AddSingleton<Mailbox>();
}
