using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using OrderFlow.Contracts;
using OrderFlow.Storage;
using OrderFlow.Web;

namespace OrderFlow.Orders;

/// <summary>The orders.</summary>
internal sealed class OrderBook(ShopDatabase database)
{
    private const string Columns = """
        SELECT number, order_id, user_id, name, items, total, status, reason, created_at, updated_at
        FROM shop_orders LEFT JOIN shop_profiles USING (user_id)
        """;

    /// <summary>The table.</summary>
    public static IReadOnlyList<string> Schema { get; } =
    [
        $"""
        CREATE TABLE IF NOT EXISTS shop_orders (
            number {ShopDatabase.RunningNumber},
            order_id TEXT NOT NULL UNIQUE,
            user_id TEXT NOT NULL,
            items TEXT NOT NULL,
            total TEXT NOT NULL,
            status TEXT NOT NULL,
            reason TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        )
        """,
    ];

    /// <summary>The newest orders first.</summary>
    public Task<IReadOnlyList<Order>> ListAsync(int limit, long before, CancellationToken cancellation) => database.ReadAsync(
        $"{Columns} WHERE number < @before ORDER BY number DESC LIMIT @limit", Read, cancellation, ("limit", limit), ("before", before));

    /// <summary>One order, or null when it is not in the book (yet).</summary>
    public async Task<Order?> FindAsync(string orderId, CancellationToken cancellation) =>
        await database.ReadAsync($"{Columns} WHERE order_id = @order", Read, cancellation, ("order", orderId)) is [var order] ? order : null;

    /// <summary>Writes a new order down.</summary>
    public Task AddAsync(OrderCreated order, DateTimeOffset at, DbTransaction transaction, CancellationToken cancellation) =>
        transaction.ExecuteAsync("""
            INSERT INTO shop_orders (order_id, user_id, items, total, status, created_at, updated_at)
            VALUES (@order, @user, @items, @total, @status, @at, @at)
            """, cancellation,
            ("order", order.OrderId), ("user", order.UserId), ("items", JsonSerializer.Serialize(order.Items, ShopJson.Default.IReadOnlyListOrderLine)),
            ("total", order.Total.ToString(CultureInfo.InvariantCulture)), ("status", OrderStatus.Pending), ("at", Text(at)));

    /// <summary>Moves an order to another status.</summary>
    public async Task<OrderStatusUpdated> MoveAsync(
        string orderId, string status, string? reason, DateTimeOffset at, DbTransaction transaction, CancellationToken cancellation) =>
        await transaction.FirstAsync("""
            UPDATE shop_orders SET status = @status, reason = @reason, updated_at = @at
            WHERE order_id = @order AND status IN ('pending', 'reserved') RETURNING user_id, total
            """,
            row => new OrderStatusUpdated(orderId, row.GetString(0), status, reason, Amount(row.GetString(1))), cancellation,
            ("order", orderId), ("status", status), ("reason", reason), ("at", Text(at)))
        ?? throw new InvalidOperationException($"Order {orderId} cannot become {status}: it is unknown or has its final status.");

    private static Order Read(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
        JsonSerializer.Deserialize(row.GetString(4), ShopJson.Default.IReadOnlyListOrderLine) ?? [], Amount(row.GetString(5)),
        row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7), Time(row.GetString(8)), Time(row.GetString(9)));

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
