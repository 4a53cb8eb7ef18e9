using Microsoft.EntityFrameworkCore;

namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <content>What it may do.</content>
internal sealed partial class Walk
{
    private IReadOnlyList<WalkStep>? _steps;

    private IReadOnlyList<WalkStep> Steps => _steps ??=
    [
        new("place", 8, _ => true, Do(context => context.Place(Note(Next())))),
        new("publish", 2, _ => true, Do(context => context.Publish(Note(Next())))),
        new("add", 1, _ => true, Do(context => context.Add(Note(Next())))),
        new("clear", 1, _ => true, Do(context => context.Clear())),
        new("update a row", 1, HasRow, context => ChangeAsync(context, isDeleted: false)),
        new("delete a row", 1, HasRow, context => ChangeAsync(context, isDeleted: true)),
        new("execute an update", 1, HasRow, context => ExecuteAsync(context, isDeleted: false)),
        new("execute a delete", 1, HasRow, context => ExecuteAsync(context, isDeleted: true)),
        new("save", 5, IsFree, SaveAsync),
        new("save, a row fails", 2, IsFree, SaveWithBadRowAsync),
        new("save, messages are refused", 2, context => _transaction is null && context.Messages.Count > 0, SaveRefusedAsync),
        new("save, the commit fails", 2, context => _transaction is null && context.Messages.Count > 0, SaveLostAsync),
        new("begin", 5, _ => _transaction is null, BeginAsync),
        new("join", 6, context => _transaction is not null && !context.IsInside, JoinAsync),
        new("set a savepoint", 3, context => context.IsInside, SetSavepointAsync),
        new("go back to a savepoint", 3, context => context.IsInside && _transaction!.Savepoints.Count > 0, GoBackAsync),
        new("commit", 4, context => context.IsInside, CommitAsync),
        new("commit, which fails", 1, context => context.IsInside, CommitLostAsync),
        new("commit, messages are refused", 1, context => context.IsInside && Inside.Any(one => one.Stored < one.Messages.Count), CommitRefusedAsync),
        new("savepoint, messages are refused", 1, context => context.IsInside && Inside.Any(one => one.Stored < one.Messages.Count), SetSavepointRefusedAsync),
        new("lose the connection", 1, context => context.IsInside, LoseConnectionAsync),
        new("roll back", 2, context => context.IsInside, RollBackAsync),
        new("dispose the transaction", 1, context => context.IsInside, DisposeTransactionAsync),
        new("dispose", 1, context => !context.IsInside || contexts.Length == 1, DisposeAsync),
    ];

    private static Func<WalkedContext, Task> Do(Action<WalkedContext> act) => context =>
    {
        act(context);
        return Task.CompletedTask;
    };

    private bool HasRow(WalkedContext context) => IsFree(context) && _rows.Count > 0;

    private async Task ChangeAsync(WalkedContext context, bool isDeleted)
    {
        var number = Note(_rows.Dequeue());
        var order = await context.Context.Orders.SingleAsync(order => order.Number == number, Cancellation);
        if (isDeleted)
            context.Context.Orders.Remove(order);
        else
            order.Total = 20;
        context.Changes.Add(rows => Change(rows, number, isDeleted));
    }

    private async Task ExecuteAsync(WalkedContext context, bool isDeleted)
    {
        var number = Note(_rows.Dequeue());
        var chosen = context.Context.Orders.Where(order => order.Number == number);
        Assert.Equal(1, isDeleted
            ? await chosen.ExecuteDeleteAsync(Cancellation)
            : await chosen.ExecuteUpdateAsync(set => set.SetProperty(order => order.Total, 20), Cancellation));
        Change(_transaction?.Rows ?? _committed, number, isDeleted);
    }

    private static void Change(SortedDictionary<int, decimal> rows, int number, bool isDeleted)
    {
        if (isDeleted)
            rows.Remove(number);
        else
            rows[number] = 20;
    }

    private async Task DisposeAsync(WalkedContext context)
    {
        if (context.IsInside)
            (_transaction, _open) = (null, null);
        await context.RenewAsync();
    }
}
