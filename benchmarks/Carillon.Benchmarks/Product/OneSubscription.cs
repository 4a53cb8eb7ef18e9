namespace Carillon.Benchmarks;

/// <summary>The service's one subscription.</summary>
public static class OneSubscription
{
    [Handler]
    public static void On(OrderCreated order) => Arrivals.Recorder.Record(order.CreatedAt);
}
