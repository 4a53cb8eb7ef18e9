namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Writes an order for every payment, after it has done what the test wants.</summary>
public sealed class PooledHandlers(PooledRuns runs)
{
    [Handler]
    public async Task On(PaymentReceived payment, ShopContext context, CancellationToken cancellation)
    {
        await runs.RunAsync(context, cancellation);
        context.Orders.Add(new Order { Customer = payment.Customer, Number = payment.Number });
    }
}
