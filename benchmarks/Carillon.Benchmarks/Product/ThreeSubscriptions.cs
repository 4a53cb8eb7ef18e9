namespace Carillon.Benchmarks;

/// <summary>Three subscriptions of one service, each with a position of its own.</summary>
public static class ThreeSubscriptions
{
    [Handler(Subscription = "first")]
    public static void First(OrderCreated order) => Arrivals.Recorder.Record(order.CreatedAt);

    [Handler(Subscription = "second")]
    public static void Second(OrderCreated order) => Arrivals.Recorder.Record(order.CreatedAt);

    [Handler(Subscription = "third")]
    public static void Third(OrderCreated order) => Arrivals.Recorder.Record(order.CreatedAt);
}
