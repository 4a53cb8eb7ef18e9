namespace Carillon.Benchmarks;

/// <summary>Reserves what was ordered, in a context that works in the unit of work of the handler.</summary>
public static class SavingSubscription
{
    [Handler]
    public static void On(OrderCreated order, ShopContext context)
    {
        context.Reservations.Add(new Reservation { Number = order.OrderId, Total = order.TotalAmount });
        Arrivals.Recorder.Record(order.CreatedAt);
    }
}
