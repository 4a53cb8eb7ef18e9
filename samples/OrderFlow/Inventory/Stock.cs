using System.Data.Common;
using OrderFlow.Contracts;
using OrderFlow.Storage;

namespace OrderFlow.Inventory;

/// <summary>What is on the shelf, and for which orders some of it was taken.</summary>
internal sealed class Stock(ShopDatabase database)
{
    /// <summary>The tables, and what the shop opens with.</summary>
    public static IReadOnlyList<string> Schema { get; } =
    [
        """
        CREATE TABLE IF NOT EXISTS shop_products (
            product_id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            available INTEGER NOT NULL CHECK (available >= 0),
            reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0)
        )
        """,
        """
        CREATE TABLE IF NOT EXISTS shop_reservations (
            order_id TEXT NOT NULL,
            product_id TEXT NOT NULL REFERENCES shop_products,
            quantity INTEGER NOT NULL CHECK (quantity > 0),
            PRIMARY KEY (order_id, product_id)
        )
        """,
        """
        INSERT INTO shop_products (product_id, name, available)
        VALUES ('PROD-001', 'iPhone 15', 100), ('PROD-002', 'MacBook Pro', 50), ('PROD-003', 'AirPods Pro', 200)
        ON CONFLICT DO NOTHING
        """,
    ];

    /// <summary>Every product.</summary>
    public Task<IReadOnlyList<Product>> ListAsync(CancellationToken cancellation) => database.ReadAsync(
        "SELECT product_id, name, available, reserved FROM shop_products ORDER BY product_id",
        row => new Product(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3)), cancellation);

    /// <summary>Takes everything that an order asks for, or nothing.</summary>
    public async Task<IStockDecision> ReserveAsync(OrderCreated order, DbTransaction transaction, CancellationToken cancellation)
    {
        // In one order for everybody, so that no two orders wait for each other's products.
        var wanted = order.Items.GroupBy(line => line.ProductId, line => line.Quantity).OrderBy(product => product.Key, StringComparer.Ordinal)
            .Select(product => (ProductId: product.Key, Quantity: product.Sum())).ToArray();
        foreach (var (productId, quantity) in wanted)
        {
            if (await FindRefusalAsync(order.OrderId, productId, quantity, transaction, cancellation) is { } refusal)
                return refusal;
        }

        var movements = new List<StockMovement>(wanted.Length);
        foreach (var (productId, quantity) in wanted)
        {
            movements.Add(await MoveAsync(productId, -quantity, transaction, cancellation));
            await transaction.ExecuteAsync("INSERT INTO shop_reservations (order_id, product_id, quantity) VALUES (@order, @product, @quantity)", cancellation,
                ("order", order.OrderId), ("product", productId), ("quantity", quantity));
        }

        return new InventoryUpdated(order.OrderId, StockChange.Reserved, movements);
    }

    /// <summary>Puts back what was taken for an order.</summary>
    public async Task<InventoryUpdated> ReleaseAsync(string orderId, DbTransaction transaction, CancellationToken cancellation)
    {
        var taken = await transaction.AllAsync("DELETE FROM shop_reservations WHERE order_id = @order RETURNING product_id, quantity",
            row => (ProductId: row.GetString(0), Quantity: row.GetInt32(1)), cancellation, ("order", orderId));
        var movements = new List<StockMovement>(taken.Count);
        foreach (var (productId, quantity) in taken.OrderBy(item => item.ProductId, StringComparer.Ordinal))
            movements.Add(await MoveAsync(productId, quantity, transaction, cancellation));
        return new InventoryUpdated(orderId, StockChange.Released, movements);
    }

    // Reads with an UPDATE, which holds the row: nobody else takes of the product until this order is decided.
    private static async Task<InventoryCheckFailed?> FindRefusalAsync(
        string orderId, string productId, int quantity, DbTransaction transaction, CancellationToken cancellation)
    {
        var product = await transaction.FirstAsync("UPDATE shop_products SET reserved = reserved WHERE product_id = @product RETURNING name, available",
            row => new Product(productId, row.GetString(0), row.GetInt32(1), 0), cancellation, ("product", productId));
        if (product is null)
            return new InventoryCheckFailed(orderId, RejectionReason.ProductNotFound, productId, quantity, 0);
        return product.Available < quantity
            ? new InventoryCheckFailed(orderId, RejectionReason.InsufficientStock, productId, quantity, product.Available)
            : null;
    }

    private static async Task<StockMovement> MoveAsync(string productId, int quantity, DbTransaction transaction, CancellationToken cancellation) =>
        await transaction.FirstAsync("""
            UPDATE shop_products SET available = available + @quantity, reserved = reserved - @quantity
            WHERE product_id = @product RETURNING available
            """, row => new StockMovement(productId, quantity, row.GetInt32(0)), cancellation, ("product", productId), ("quantity", quantity))
        ?? throw new InvalidOperationException($"Product {productId} was taken off the shelf while an order holds some of it.");
}
