using OrderFlow.Storage;

namespace OrderFlow.Hosting;

/// <summary>Creates the shop's tables, when the host starts and before any event is handled.</summary>
internal sealed class ShopTables(ShopDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => database.CreateAsync(ShopData.Schema, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
