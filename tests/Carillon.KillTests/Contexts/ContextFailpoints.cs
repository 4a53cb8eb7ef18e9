using System.Data.Common;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.KillTests;

/// <summary>The places between two steps of a context: what Carillon does at the same places, it has done before.</summary>
internal sealed class ContextFailpoints : DbTransactionInterceptor, ISaveChangesInterceptor
{
    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> Names = [Saving, Saved, Committing, Committed, RolledBack];

    /// <summary>Those of a context whose transaction is somebody else's.</summary>
    public static readonly IReadOnlyList<string> JoinedNames = [Saving, Saved];

    private const string Saving = "context.saving";
    private const string Saved = "context.saved";
    private const string Committing = "context.committing";
    private const string Committed = "context.committed";
    private const string RolledBack = "context.rolled-back";

    public InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) => Reach(Saving, result);

    public ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => new(Reach(Saving, result));

    public int SavedChanges(SaveChangesCompletedEventData eventData, int result) => Reach(Saved, result);

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        new(Reach(Saved, result));

    public override InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result) =>
        Reach(Committing, result);

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        new(Reach(Committing, result));

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Failpoint.Reach(Committed);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        Reach(Committed, Task.CompletedTask);

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Failpoint.Reach(RolledBack);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        Reach(RolledBack, Task.CompletedTask);

    private static TResult Reach<TResult>(string name, TResult result)
    {
        Failpoint.Reach(name);
        return result;
    }
}
