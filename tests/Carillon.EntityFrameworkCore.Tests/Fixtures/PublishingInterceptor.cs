using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Publishes every new order while it is saved, as applications do that collect events in their entities.</summary>
internal sealed class PublishingInterceptor : SaveChangesInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        foreach (var added in eventData.Context!.ChangeTracker.Entries<Order>().Where(entry => entry.State == EntityState.Added))
            eventData.Context.Publish(new OrderPlaced(added.Entity.Customer, added.Entity.Number));
        return ValueTask.FromResult(result);
    }
}
