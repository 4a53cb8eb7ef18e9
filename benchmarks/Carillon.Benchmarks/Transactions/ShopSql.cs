using Npgsql;
using NpgsqlTypes;

namespace Carillon.Benchmarks;

/// <summary>The statements of the shop, as somebody writes them by hand who wants them fast.</summary>
public static class ShopSql
{
    public static NpgsqlCommand AddOrder(NpgsqlConnection connection, OrderCreated order) => Add(connection, "orders", order);

    public static NpgsqlCommand AddReservation(NpgsqlConnection connection, OrderCreated order) => Add(connection, "reservations", order);

    public static NpgsqlCommand AddEvent(NpgsqlConnection connection, Guid id, byte[] body) =>
        new($"INSERT INTO {ShopTables.Schema}.events (id, body) VALUES ($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = id }, new NpgsqlParameter<byte[]> { TypedValue = body, NpgsqlDbType = NpgsqlDbType.Bytea } },
        };

    public static NpgsqlCommand AddHandled(NpgsqlConnection connection, Guid id) =>
        new($"INSERT INTO {ShopTables.Schema}.handled (id) VALUES ($1) ON CONFLICT DO NOTHING", connection) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = id } } };

    private static NpgsqlCommand Add(NpgsqlConnection connection, string table, OrderCreated order) =>
        new($"INSERT INTO {ShopTables.Schema}.{table} (id, number, total) VALUES ($1, $2, $3)", connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() },
                new NpgsqlParameter<string> { TypedValue = order.OrderId },
                new NpgsqlParameter<decimal> { TypedValue = order.TotalAmount },
            },
        };
}
