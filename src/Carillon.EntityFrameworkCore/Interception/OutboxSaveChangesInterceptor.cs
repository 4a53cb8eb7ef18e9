using Carillon.Durability;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// Tells the outbox of a context that it saves and has saved. Between the two there may be nothing: whoever comes after this one may stop a save, and
/// then nobody is told. What is written, and when that ends, is known from <see cref="SavingBatchExecutor"/>.
/// </summary>
internal sealed class OutboxSaveChangesInterceptor : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Outbox(eventData).Saving();
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavingChanges(eventData, result));

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        BlockingCall.Run(() => Outbox(eventData).SavedAsync(result, CancellationToken.None));
        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        await Outbox(eventData).SavedAsync(result, cancellationToken);
        return result;
    }

    private static ContextOutbox Outbox(DbContextEventData eventData) => ContextOutbox.Of(eventData.Context!);
}
