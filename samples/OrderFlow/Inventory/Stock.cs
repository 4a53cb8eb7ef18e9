using OrderFlow.Contracts;
using OrderFlow.Storage;
using OrderFlow.Web;

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
        ) WITHOUT ROWID
        """,
        """
        INSERT INTO shop_products (product_id, name, available)
        VALUES ('PROD-001', 'iPhone 15', 100), ('PROD-002', 'MacBook Pro', 50), ('PROD-003', 'AirPods Pro', 200)
        ON CONFLICT DO NOTHING
        """,
    ];

    /// <summary>Every product.</summary>
    public IReadOnlyList<Product> List() => database.Read(transaction => transaction.All(
        "SELECT product_id, name, available, reserved FROM shop_products ORDER BY product_id",
        row => new Product(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3))));

    /// <summary>Takes everything that an order asks for, or nothing.</summary>
    public Task<IStockDecision> ReserveAsync(OrderCreated order, CancellationToken cancellation) =>
        database.OnceAsync($"inventory/reserve/{order.OrderId}", ShopJson.Default.IStockDecision, transaction =>
        {
            var wanted = order.Items.GroupBy(line => line.ProductId, line => line.Quantity)
                .ToDictionary(product => product.Key, product => product.Sum(), StringComparer.Ordinal);
            return (IStockDecision?)Refuse(order.OrderId, wanted, transaction) ?? Take(order.OrderId, wanted, transaction);
        }, cancellation);

    /// <summary>Puts back what was taken for an order.</summary>
    public Task<InventoryUpdated> ReleaseAsync(string orderId, CancellationToken cancellation) =>
        database.OnceAsync($"inventory/release/{orderId}", ShopJson.Default.InventoryUpdated, transaction =>
        {
            var taken = transaction.All("DELETE FROM shop_reservations WHERE order_id = $order RETURNING product_id, quantity",
                row => (ProductId: row.GetString(0), Quantity: row.GetInt32(1)), ("$order", orderId));
            var movements = taken.Select(item => Move(item.ProductId, item.Quantity, transaction)).ToArray();
            return new InventoryUpdated(orderId, StockChange.Released, movements);
        }, cancellation);

    private static InventoryCheckFailed? Refuse(string orderId, Dictionary<string, int> wanted, ShopTransaction transaction)
    {
        foreach (var (productId, quantity) in wanted)
        {
            var product = transaction.First("SELECT name, available FROM shop_products WHERE product_id = $product",
                row => new Product(productId, row.GetString(0), row.GetInt32(1), 0), ("$product", productId));
            if (product is null)
                return new InventoryCheckFailed(orderId, RejectionReason.ProductNotFound, productId, quantity, 0);
            if (product.Available < quantity)
                return new InventoryCheckFailed(orderId, RejectionReason.InsufficientStock, productId, quantity, product.Available);
        }

        return null;
    }

    private static InventoryUpdated Take(string orderId, Dictionary<string, int> wanted, ShopTransaction transaction)
    {
        var movements = new List<StockMovement>(wanted.Count);
        foreach (var (productId, quantity) in wanted)
        {
            movements.Add(Move(productId, -quantity, transaction));
            transaction.Execute("INSERT INTO shop_reservations (order_id, product_id, quantity) VALUES ($order, $product, $quantity)",
                ("$order", orderId), ("$product", productId), ("$quantity", quantity));
        }

        return new InventoryUpdated(orderId, StockChange.Reserved, movements);
    }

    private static StockMovement Move(string productId, int quantity, ShopTransaction transaction) =>
        transaction.First("""
            UPDATE shop_products SET available = available + $quantity, reserved = reserved - $quantity
            WHERE product_id = $product RETURNING available
            """, row => new StockMovement(productId, quantity, row.GetInt32(0)), ("$product", productId), ("$quantity", quantity))
        ?? throw new InvalidOperationException($"Product {productId} was taken off the shelf while an order holds some of it.");
}
