using System.Data.Common;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Carillon.EntityFrameworkCore;

/// <summary>A transaction of a context and everything that is published while it is the ambient unit of work.</summary>
internal sealed class ContextUnitOfWork : IUnitOfWork
{
    private readonly DbContext _context;
    private readonly ContextOutbox _outbox;
    private readonly IDisposable _entered;
    private IDbContextTransaction? _transaction;
    private bool _hasEnded;

    public ContextUnitOfWork(DbContext context, ContextOutbox outbox, string caller, int line)
    {
        _context = context;
        _outbox = outbox;
        _entered = outbox.Enter(this, caller, line);
    }

    /// <inheritdoc/>
    public DbConnection Connection => Transaction.Connection ?? throw Ended();

    /// <inheritdoc/>
    public DbTransaction Transaction
    {
        get
        {
            if (_hasEnded || _transaction is null)
                throw Ended();
            RefuseUnlessAmbient();
            return _transaction.GetDbTransaction();
        }
    }

    public async ValueTask<IUnitOfWork> BeginAsync(CancellationToken cancellation)
    {
        try
        {
            _transaction = await _context.Database.BeginTransactionAsync(cancellation);
            return this;
        }
        catch
        {
            _entered.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        if (_hasEnded)
            throw Ended();
        RefuseUnlessAmbient();
        await _context.SaveChangesAsync(cancellation);
        await _outbox.StoreLastAsync(cancellation);
        _hasEnded = true;
        cancellation.ThrowIfCancellationRequested();
        try
        {
            // Not cancelled half-way: nobody would know how it ended.
            await _transaction!.CommitAsync(CancellationToken.None);
        }
        catch (DbException exception) when (_outbox.FindStore() is ICommitOutcomes outcomes && !outcomes.IsUnknown(exception))
        {
            // Execution strategies look for the database's own exception in this one.
            throw new DbUpdateException($"The database refused the commit of the unit of work, and nothing of it is committed. {exception.Message}", exception);
        }
        catch (DbException exception)
        {
            throw new PublishFailedException(ErrorCodes.PublishFailed,
                $"The commit of the unit of work failed, and whether it happened is unknown: {exception.Message} Look for its rows before you try again.", isOutcomeUnknown: true, exception);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Runs before the first await, so that the caller's own flow is out of the unit of work when this returns.
        _hasEnded = true;
        _entered.Dispose();
        return _transaction?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private void RefuseUnlessAmbient()
    {
        if (!ReferenceEquals(_outbox.CurrentWork, this))
        {
            throw new CarillonException(ErrorCodes.UnitOfWorkNotJoined,
                $"The unit of work on {_context.GetType().Name} is used by code whose messages do not join it, because a method that has returned began it: what any bus published here went out by itself. "
                + "Call BeginAsync in the method that publishes and commits, or let the method that begins it return the task of BeginAsync as it is, without async and await.");
        }
    }

    private static CarillonException Ended() => new(ErrorCodes.InvalidUnitOfWork,
        "The unit of work has ended: it was committed or disposed. Begin another one for further work.");
}
