using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Writes an order for every payment, and goes on after an error of the database as if nothing had happened.</summary>
public sealed class CarelessHandlers(HandlerSteps steps)
{
    [Handler]
    public async Task On(PaymentReceived payment, ShopContext context, CancellationToken cancellation)
    {
        context.Orders.Add(new Order { Customer = payment.Customer, Number = payment.Number });
        await context.SaveChangesAsync(cancellation);
        try
        {
            steps.Run(context);
        }
        catch (TransientException)
        {
            await Assert.ThrowsAsync<PostgresException>(() => context.Database.ExecuteSqlRawAsync("SELECT 1 / 0", cancellation));
        }
    }
}
