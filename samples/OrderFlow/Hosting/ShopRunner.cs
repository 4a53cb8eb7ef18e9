using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OrderFlow.Email;
using OrderFlow.Inventory;
using OrderFlow.Orders;
using OrderFlow.Payment;
using OrderFlow.Storage;
using OrderFlow.Users;

namespace OrderFlow.Hosting;

/// <summary>Starts a process.</summary>
internal static class ShopRunner
{
    /// <summary>Creates the shop's tables, starts the process, and returns where it listens.</summary>
    public static async Task<Uri> StartShopAsync(this WebApplication app, CancellationToken cancellation = default)
    {
        await app.Services.GetRequiredService<ShopDatabase>().CreateAsync(
            [.. OrderBook.Schema, .. Profiles.Schema, .. Accounts.Schema, .. Stock.Schema, .. Ledger.Schema, .. Mailbox.Schema], cancellation);
        await app.StartAsync(cancellation);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return new Uri(addresses!.Addresses.Single());
    }
}
