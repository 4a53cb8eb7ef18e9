using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Saves an order after the other, and leaves out what the database refuses.</summary>
public static class SavingHandlers
{
    /// <summary>How many orders it writes for a payment.</summary>
    public const int Count = 12;

    [Handler]
    public static async Task On(PaymentReceived payment, ShopContext context, CancellationToken cancellation)
    {
        for (var i = 0; i < Count; i++)
        {
            context.Orders.Add(new Order { Customer = payment.Customer, Number = payment.Number + i });
            await context.SaveChangesAsync(cancellation);

            var (good, twice) = (new Order { Customer = "good", Number = payment.Number + Count + i }, new Order { Customer = "twice", Number = payment.Number + i });
            context.Orders.AddRange(good, twice);
            await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync(cancellation));
            (context.Entry(good).State, context.Entry(twice).State) = (EntityState.Detached, EntityState.Detached);
        }
    }
}
