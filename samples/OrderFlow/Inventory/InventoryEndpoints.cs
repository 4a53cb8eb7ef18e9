namespace OrderFlow.Inventory;

/// <summary><c>GET /inventory</c>.</summary>
internal static class InventoryEndpoints
{
    public static void MapInventory(this IEndpointRouteBuilder routes) => routes.MapGet("/inventory", (Stock stock, CancellationToken cancellation) => stock.ListAsync(cancellation));
}
