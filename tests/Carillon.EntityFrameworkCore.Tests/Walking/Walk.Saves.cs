using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <content>How it saves.</content>
internal sealed partial class Walk
{
    private async Task SaveAsync(WalkedContext context)
    {
        await SaveChangesAsync(context);
        if (_transaction is null)
        {
            context.Save(_committed, isBinding: false);
            context.Store(_messages);
            context.Commit();
            return;
        }

        context.Save(_transaction.Rows, _transaction.IsShared);
        if (_transaction.IsShared)
            context.Store(_transaction.Messages);
    }

    private async Task SaveWithBadRowAsync(WalkedContext context)
    {
        var bad = new Order { Customer = "a", Number = Untouched };
        context.Context.Orders.Add(bad);
        await Assert.ThrowsAsync<DbUpdateException>(() => SaveChangesAsync(context));
        context.Context.Entry(bad).State = EntityState.Detached;
    }

    private async Task SaveRefusedAsync(WalkedContext context)
    {
        await context.Context.Database.ExecuteSqlRawAsync(WalkDatabase.Refuse, Cancellation);
        await Assert.ThrowsAsync<DbUpdateException>(() => SaveChangesAsync(context));
        await database.AllowAsync();
    }

    private async Task SaveLostAsync(WalkedContext context)
    {
        faults.LosesCommit = true;
        await Assert.ThrowsAnyAsync<Exception>(() => SaveChangesAsync(context));
        Assert.False(faults.LosesCommit);
    }

    // Both ways are meant.
#pragma warning disable CA1849
    private async Task SaveChangesAsync(WalkedContext context) => _ = Draw() ? context.Context.SaveChanges() : await context.Context.SaveChangesAsync(Cancellation);
#pragma warning restore CA1849
}
