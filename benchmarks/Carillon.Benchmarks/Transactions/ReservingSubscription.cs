using Npgsql;

namespace Carillon.Benchmarks;

/// <summary>Reserves what was ordered, in the unit of work of the handler.</summary>
public static class ReservingSubscription
{
    [Handler]
    public static async Task On(OrderCreated order, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var add = ShopSql.AddReservation(connection, order);
        await add.ExecuteNonQueryAsync(cancellation);
        Arrivals.Recorder.Record(order.CreatedAt);
    }
}
