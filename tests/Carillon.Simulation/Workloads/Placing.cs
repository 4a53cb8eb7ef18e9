using Carillon.Simulations.Messages;

namespace Carillon.Simulations.Workloads;

/// <summary>An order on its way: which kind of message it is, does not change when it is tried again.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Order">The order.</param>
/// <param name="Kind">0 as ever, 1 in the newer version, 2 as a gift.</param>
internal sealed record Placing(EventId Id, OrderPlaced Order, int Kind)
{
    /// <summary>Publishes it.</summary>
    public ValueTask PublishAsync(IEventBus bus, CancellationToken cancellation)
    {
        var options = new PublishOptions { Id = Id };
        return Kind switch
        {
            1 => bus.PublishAsync(new OrderPlacedWithNote(Order.OrderId, Order.Number, Order.Failures, Order.Milliseconds, "please ring"), options, cancellation),
            2 => bus.PublishAsync(new GiftOrdered(Order.OrderId, Order.Number, Order.Failures, Order.Milliseconds), options, cancellation),
            _ => bus.PublishAsync(Order, options, cancellation),
        };
    }
}
