using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Writes an order for every payment, and publishes it in every way there is.</summary>
public sealed class PaymentHandlers(HandlerSteps steps, ILocalEventBus local)
{
    [Handler]
    public async Task<OrderPlaced> On(PaymentReceived payment, ShopContext context, IEventBus bus, CancellationToken cancellation)
    {
        context.Orders.Add(new Order { Customer = payment.Customer, Number = payment.Number });
        await bus.PublishAsync(new OrderPlaced(payment.Customer, payment.Number), cancellation);
        context.Publish(new OrderPlaced(payment.Customer, payment.Number + 1));
        if (steps.Saves)
            await context.SaveChangesAsync(cancellation);
        await local.RaiseAsync(new OrderCounted(payment.Number + 100), cancellation);
        steps.Run(context);
        return new(payment.Customer, payment.Number + 2);
    }

    [Handler]
    public static async IAsyncEnumerable<OrderPlaced> Replay(PaymentReceived payment, ShopContext context)
    {
        await foreach (var order in context.Orders.Where(order => order.Number == payment.Number && order.Total > 9.5m).AsAsyncEnumerable())
            yield return new(order.Customer, order.Number + 3);
    }

    [LocalHandler]
    public static void On(OrderCounted counted, ShopContext context) =>
        context.Orders.Add(new Order { Customer = "counted", Number = counted.Number });
}
