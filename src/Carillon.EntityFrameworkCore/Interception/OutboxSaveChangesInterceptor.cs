using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore;

/// <summary>Tells the outbox of a context that it saves.</summary>
internal sealed class OutboxSaveChangesInterceptor : SaveChangesInterceptor
{
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Outbox(eventData).Saving();
        return result;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Outbox(eventData).Saving();
        return ValueTask.FromResult(result);
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Blocking.Wait(() => Outbox(eventData).SavedAsync(result, CancellationToken.None));
        return result;
    }

    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        await Outbox(eventData).SavedAsync(result, cancellationToken);
        return result;
    }

    public override void SaveChangesFailed(DbContextErrorEventData eventData) => Outbox(eventData).SavingEnded();

    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Outbox(eventData).SavingEnded();
        return Task.CompletedTask;
    }

    public override void SaveChangesCanceled(DbContextEventData eventData) => Outbox(eventData).SavingEnded();

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Outbox(eventData).SavingEnded();
        return Task.CompletedTask;
    }

    private static ContextOutbox Outbox(DbContextEventData eventData) => ContextOutbox.Of(eventData.Context!);
}
