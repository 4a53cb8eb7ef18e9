using System.Transactions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Carillon.EntityFrameworkCore;

/// <summary>Whether a context is saving, and that everything it saves then is in one transaction where there are messages to go with it.</summary>
internal sealed class ContextSave(ICurrentDbContext current)
{
    private AutoTransactionBehavior? _behavior;

    public bool IsRunning { get; private set; }

    private DatabaseFacade Database => current.Context.Database;

    public void Begin() => IsRunning = true;

    /// <summary>Lets the context begin a transaction even for a single row, if it has none.</summary>
    public void DemandTransaction()
    {
        RefuseTransactionScope();
        if (Database.CurrentTransaction is not null)
            return;
        _behavior ??= Database.AutoTransactionBehavior;
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
    }

    /// <summary>The context is done, however it went.</summary>
    public void End()
    {
        IsRunning = false;
        if (_behavior is { } behavior)
            Database.AutoTransactionBehavior = behavior;
        _behavior = null;
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
