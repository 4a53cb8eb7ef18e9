using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// A context that works in the unit of work of a handler, on its connection and in its transaction, until this is disposed. Generated code
/// uses it for handlers that take a context.
/// </summary>
/// <typeparam name="TContext">The context's type.</typeparam>
public sealed class JoinedDbContext<TContext> : IAsyncDisposable
    where TContext : DbContext
{
    private readonly ContextConnection? _own;

    private JoinedDbContext(TContext context, ContextConnection? own)
    {
        Context = context;
        _own = own;
    }

    /// <summary>The context.</summary>
    public TContext Context { get; }

    /// <summary>Saves what the handler changed and did not save itself; the unit of work commits it.</summary>
    /// <exception cref="DbUpdateException">The database refused the rows.</exception>
    public async ValueTask SaveChangesAsync(CancellationToken cancellation)
    {
        if (Context.ChangeTracker.HasChanges())
            await Context.SaveChangesAsync(cancellation);
    }

    /// <summary>Gives the context its own connection back. The unit of work goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_own is null)
            return;
        await Context.Database.UseTransactionAsync(null);
        _own.Restore();
    }

    internal static async ValueTask<JoinedDbContext<TContext>> JoinAsync(TContext context, IUnitOfWork work, CancellationToken cancellation)
    {
        // A handler before this one, of the same message, may have left it joined; then it is that one's to end.
        if (context.Database.CurrentTransaction is { } current)
            return ReferenceEquals(current.GetDbTransaction(), work.Transaction) ? new(context, null) : throw Busy(context);
        var own = new ContextConnection(context);
        own.Replace(work.Connection);
        await context.Database.UseTransactionAsync(work.Transaction, cancellation);
        return new(context, own);
    }

    private static CarillonException Busy(TContext context) => new(ErrorCodes.InvalidUnitOfWork,
        $"{context.GetType().Name} has a transaction of its own, so it cannot work in that of the handler: end it before, or leave transactions to the handler.");
}
