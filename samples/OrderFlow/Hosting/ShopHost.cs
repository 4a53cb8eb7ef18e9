using System.Net;
using Carillon;
using OrderFlow.Email;
using OrderFlow.Inventory;
using OrderFlow.Orders;
using OrderFlow.Storage;
using OrderFlow.Users;
using OrderFlow.Web;

namespace OrderFlow.Hosting;

/// <summary>Puts a process together: its services, their tables and what it answers over HTTP.</summary>
internal static class ShopHost
{
    /// <summary>Builds the process.</summary>
    /// <param name="process">Which services it runs.</param>
    /// <param name="port">Where it listens on the loopback interface; 0 for any free port.</param>
    /// <param name="storage">Where it keeps its tables and its events.</param>
    /// <param name="quietly">Whether to log warnings only.</param>
    public static WebApplication Build(ShopProcess process, int port, IShopStorage storage, bool quietly = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes;
            kestrel.AddServerHeader = false;
        });
        builder.Logging.AddShopConsole(quietly);
        builder.Services.AddShop(storage);
        foreach (var service in process.Services)
            builder.AddService(service, storage);
        var app = builder.Build();
        app.MapShop(process);
        return app;
    }

    private static void AddService(this WebApplicationBuilder builder, ShopService service, IShopStorage storage) =>
        builder.AddCarillon(service.Name, carillon => service.AddTo(storage.Use(carillon)).Use<EventConsole>());

    // Every process can read all of the shop, because all share one database; only writing belongs to a service.
    private static void AddShop(this IServiceCollection services, IShopStorage storage)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddShopData(storage);
        services.AddHostedService<ShopTables>();
        services.AddSingleton<EventHistory>();
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = problem =>
        {
            if (problem.ProblemDetails.Status == StatusCodes.Status405MethodNotAllowed)
                problem.ProblemDetails.Detail = "This process only reads here. Orders and users are taken by the process that runs --service orders.";
        });
        services.AddExceptionHandler<ProblemHandler>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ShopJson.Default));
    }

    private static void MapShop(this WebApplication app, ShopProcess process)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapPage();
        app.MapEvents();
        app.MapOrders();
        app.MapUsers();
        app.MapInventory();
        app.MapEmails();
        if (process.Runs(ShopService.Orders))
            app.MapOrderPlacing();
        if (process.Runs(ShopService.Users))
            app.MapRegistration();
    }
}
