namespace Carillon.Benchmarks;

/// <summary>The same as <see cref="SavingSubscription"/> for Wolverine, which finds it by its name.</summary>
public static class WolverineHandler
{
    public static void Handle(OrderCreated order, ShopContext context)
    {
        context.Reservations.Add(new Reservation { Number = order.OrderId, Total = order.TotalAmount });
        Arrivals.Recorder.Record(order.CreatedAt);
    }
}
