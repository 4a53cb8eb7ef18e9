using OrderFlow.Email;
using OrderFlow.Inventory;
using OrderFlow.Orders;
using OrderFlow.Payment;
using OrderFlow.Storage;
using OrderFlow.Users;

namespace OrderFlow.Hosting;

/// <summary>Creates the shop's tables, when the host starts and before any event is handled.</summary>
internal sealed class ShopTables(ShopDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => database.CreateAsync(
        [.. OrderBook.Schema, .. Profiles.Schema, .. Accounts.Schema, .. Stock.Schema, .. Ledger.Schema, .. Mailbox.Schema], cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
