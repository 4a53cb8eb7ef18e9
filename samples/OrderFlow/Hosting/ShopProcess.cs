namespace OrderFlow.Hosting;

/// <summary>Which services one process runs.</summary>
/// <param name="Name">What <c>--service</c> calls it.</param>
/// <param name="Port">The port it listens on unless told otherwise.</param>
/// <param name="Services">The services.</param>
internal sealed record ShopProcess(string Name, int Port, params IReadOnlyList<ShopService> Services)
{
    /// <summary>Everything in one process.</summary>
    public static ShopProcess Whole { get; } =
        new("shop", 5000, ShopService.Orders, ShopService.Users, ShopService.Inventory, ShopService.Payment, ShopService.Email);

    /// <summary>One process for each service; user registration shares the front door with orders.</summary>
    public static IReadOnlyList<ShopProcess> Parts { get; } =
    [
        new("orders", 5000, ShopService.Orders, ShopService.Users),
        new("inventory", 5001, ShopService.Inventory),
        new("payment", 5002, ShopService.Payment),
        new("email", 5003, ShopService.Email),
    ];

    /// <summary>Whether the process runs a service.</summary>
    public bool Runs(ShopService service) => Services.Contains(service);
}
