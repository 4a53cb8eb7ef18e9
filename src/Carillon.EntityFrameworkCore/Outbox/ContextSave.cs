using System.Transactions;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>Whether a context is writing what it saves, and that all of it is in one transaction where there are messages to go with it.</summary>
internal sealed class ContextSave(ICurrentDbContext current) : IDisposable
{
    private AutoTransactionBehavior? _behavior;
    private bool _hasWritten;

    public bool IsRunning { get; private set; }

    private DatabaseFacade Database => current.Context.Database;

    /// <summary>Whether the save that has just ended left its rows unsaved, because an interceptor suppressed it.</summary>
    public bool WasSuppressed => !_hasWritten && current.Context.ChangeTracker.HasChanges();

    /// <summary>A save is about to begin, and may stop before it does.</summary>
    public void Announce() => _hasWritten = false;

    /// <summary>Rows are written from now on.</summary>
    public void Begin() => IsRunning = _hasWritten = true;

    /// <summary>Lets the context begin a transaction even for a single row, if it has none.</summary>
    public void DemandTransaction()
    {
        RefuseTransactionScope();
        if (Database.CurrentTransaction is not null)
            return;
        _behavior ??= Database.AutoTransactionBehavior;
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }

    /// <summary>Nothing but messages was there to be saved: they get a transaction of their own.</summary>
    public async ValueTask CommitAloneAsync(CancellationToken cancellation)
    {
        RefuseTransactionScope();
        if (BlockingCall.IsCurrent)
        {
            Database.CreateExecutionStrategy().Execute(() =>
            {
                using var transaction = Database.BeginTransaction();
                transaction.Commit();
            });
            return;
        }

        await Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var transaction = await Database.BeginTransactionAsync(token);
                await transaction.CommitAsync(token);
            },
            cancellation);
    }

    /// <summary>The context is done, however it went.</summary>
    public void Dispose()
    {
        IsRunning = false;
        if (_behavior is { } behavior)
            Database.AutoTransactionBehavior = behavior;
        _behavior = null;
    }

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: a row is being written that is committed by itself.</exception>
    public void RefuseUnlessInTransaction()
    {
        if (IsRunning && Database.CurrentTransaction is null)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{current.Context.GetType().Name} publishes while it writes a row without a transaction, too late to be stored with it: publish before SaveChanges, in SavingChanges of an interceptor, or in a transaction.");
        }
    }

    /// <exception cref="CarillonException">With <see cref="ErrorCodes.InvalidUnitOfWork"/>: a transaction commits that nobody can join.</exception>
    public void RefuseTransactionScope()
    {
        if (Transaction.Current is not null || Database.GetEnlistedTransaction() is not null)
        {
            throw new CarillonException(ErrorCodes.InvalidUnitOfWork,
                $"{current.Context.GetType().Name} publishes inside a TransactionScope, whose commit Carillon cannot be part of: use Database.BeginTransactionAsync, or SaveChangesAsync alone.");
        }
    }
}
