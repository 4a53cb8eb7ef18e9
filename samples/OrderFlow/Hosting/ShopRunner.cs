using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace OrderFlow.Hosting;

/// <summary>Starts a process.</summary>
internal static class ShopRunner
{
    /// <summary>Starts the process and returns where it listens.</summary>
    public static async Task<Uri> StartShopAsync(this WebApplication app)
    {
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        return new Uri(addresses!.Addresses.Single());
    }
}
