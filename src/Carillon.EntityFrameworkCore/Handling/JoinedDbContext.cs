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
    private readonly bool _isRented;

    private JoinedDbContext(TContext context, ContextConnection? own, bool isRented)
    {
        Context = context;
        _own = own;
        _isRented = isRented;
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

    /// <summary>Gives the context its own connection back, and the context to its factory where it came from one. The unit of work goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_own is not null)
                await LeaveAsync(Context, _own);
        }
        finally
        {
            if (_isRented)
                await Context.DisposeAsync();
        }
    }

    /// <summary>Lets a context of the run's scope work in the unit of work.</summary>
    internal static async ValueTask<JoinedDbContext<TContext>> JoinAsync(TContext context, IUnitOfWork work, CancellationToken cancellation)
    {
        // A handler before this one, of the same message, may have left it joined; then it is that one's to end.
        if (context.Database.CurrentTransaction is { } current)
            return ReferenceEquals(current.GetDbTransaction(), work.Transaction) ? new(context, null, isRented: false) : throw Busy(context);
        return new(context, await EnterAsync(context, work, cancellation), isRented: false);
    }

    /// <summary>Rents a context of a factory and lets it work in the unit of work.</summary>
    internal static async ValueTask<JoinedDbContext<TContext>> JoinAsync(IDbContextFactory<TContext> factory, IUnitOfWork work, CancellationToken cancellation)
    {
        var context = await factory.CreateDbContextAsync(cancellation);
        try
        {
            return new(context, await EnterAsync(context, work, cancellation), isRented: true);
        }
        catch
        {
            await context.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<ContextConnection> EnterAsync(TContext context, IUnitOfWork work, CancellationToken cancellation)
    {
        var own = new ContextConnection(context);
        own.Replace(work.Connection);
        try
        {
            await context.Database.UseTransactionAsync(work.Transaction, cancellation);
            return own;
        }
        catch
        {
            // It may go back to a pool.
            await LeaveAsync(context, own);
            throw;
        }
    }

    private static async ValueTask LeaveAsync(TContext context, ContextConnection own)
    {
        try
        {
            await context.Database.UseTransactionAsync(null);
        }
        finally
        {
            own.Restore();
        }
    }

    private static CarillonException Busy(TContext context) => new(ErrorCodes.InvalidUnitOfWork,
        $"{context.GetType().Name} has a transaction of its own, so it cannot work in that of the handler: end it before, or leave transactions to the handler.");
}
