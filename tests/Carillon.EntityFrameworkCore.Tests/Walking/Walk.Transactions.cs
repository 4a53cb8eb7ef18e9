using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <content>How its transactions begin and end. Both ways to call are meant.</content>
#pragma warning disable CA1849
internal sealed partial class Walk
{
    private async Task BeginAsync(WalkedContext context)
    {
        _open = Draw() ? context.Context.Database.BeginTransaction() : await context.Context.Database.BeginTransactionAsync(Cancellation);
        _transaction = new WalkedTransaction(_committed);
        context.Enter();
    }

    private async Task JoinAsync(WalkedContext context)
    {
        await context.Context.Database.UseTransactionAsync(_open!.GetDbTransaction(), Cancellation);
        _transaction!.IsShared = true;
        context.Enter();
    }

    private async Task SetSavepointAsync(WalkedContext context)
    {
        var name = $"s{Note(Next())}";
        if (Draw())
            Current(context).CreateSavepoint(name);
        else
            await Current(context).CreateSavepointAsync(name, Cancellation);
        StoreAll();
        _transaction!.SetSavepoint(name);
    }

    private async Task GoBackAsync(WalkedContext context)
    {
        var names = _transaction!.Savepoints;
        var name = names[_random.Next(names.Count)];
        _trace[^1] += $" {name}";
        if (Draw())
            Current(context).RollbackToSavepoint(name);
        else
            await Current(context).RollbackToSavepointAsync(name, Cancellation);
        _transaction.GoBackTo(name);
        foreach (var one in Inside)
            one.GoBack();
    }

    private async Task CommitAsync(WalkedContext context)
    {
        await CommitChangesAsync(context);
        StoreAll();
        _committed.Clear();
        foreach (var (number, total) in _transaction!.Rows)
            _committed.Add(number, total);
        _messages.AddRange(_transaction.Messages);
        await LeaveAsync(one => one.Commit());
    }

    private async Task CommitLostAsync(WalkedContext context)
    {
        faults.LosesCommit = true;
        await Assert.ThrowsAnyAsync<Exception>(() => CommitChangesAsync(context));
        Assert.False(faults.LosesCommit);
        StoreAll();
        await RollBackAsync(context);
    }

    private async Task CommitRefusedAsync(WalkedContext context)
    {
        await context.Context.Database.ExecuteSqlRawAsync(WalkDatabase.Refuse, Cancellation);
        await Assert.ThrowsAsync<DbUpdateException>(() => CommitChangesAsync(context));
        await RollBackAsync(context);
    }

    private async Task SetSavepointRefusedAsync(WalkedContext context)
    {
        await context.Context.Database.ExecuteSqlRawAsync(WalkDatabase.Refuse, Cancellation);
        await Assert.ThrowsAsync<DbUpdateException>(() => Current(context).CreateSavepointAsync("refused", Cancellation));
        await RollBackAsync(context);
    }

    private async Task LoseConnectionAsync(WalkedContext context)
    {
        await _open!.GetDbTransaction().Connection!.CloseAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => CommitChangesAsync(context));
        await DisposeTransactionAsync(context);
    }

    private async Task RollBackAsync(WalkedContext context)
    {
        if (Draw())
            context.Context.Database.RollbackTransaction();
        else
            await context.Context.Database.RollbackTransactionAsync(Cancellation);
        await LeaveAsync(one => one.RollBack());
    }

    private Task DisposeTransactionAsync(WalkedContext _) => LeaveAsync(one => one.RollBack());

    private static IDbContextTransaction Current(WalkedContext context) => context.Context.Database.CurrentTransaction!;

    private async Task CommitChangesAsync(WalkedContext context)
    {
        if (Draw())
            context.Context.Database.CommitTransaction();
        else
            await context.Context.Database.CommitTransactionAsync(Cancellation);
    }

    private void StoreAll()
    {
        foreach (var one in contexts.Where(one => one.IsInside))
            one.Store(_transaction!.Messages);
    }

    private async Task LeaveAsync(Action<WalkedContext> end)
    {
        await _open!.DisposeAsync();
        foreach (var one in Inside.ToList())
        {
            await one.Context.Database.UseTransactionAsync(null, Cancellation);
            end(one);
        }

        (_transaction, _open) = (null, null);
    }
}
#pragma warning restore CA1849
