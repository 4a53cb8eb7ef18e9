using System.Data.Common;
using Carillon.Durability;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore;

/// <summary>Tells the outbox of a context what becomes of its transactions. Every override comes twice, because commits do.</summary>
internal sealed class OutboxTransactionInterceptor : DbTransactionInterceptor
{
    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        Outbox(eventData).Writing();
        return result;
    }

    public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionStarting(connection, eventData, result));

    public override DbTransaction TransactionStarted(DbConnection connection, TransactionEndEventData eventData, DbTransaction result)
    {
        BlockingCall.Run(() => Outbox(eventData).BeganAsync(result));
        return result;
    }

    public override async ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        await Outbox(eventData).BeganAsync(result);
        return result;
    }

    public override DbTransaction TransactionUsed(DbConnection connection, TransactionEventData eventData, DbTransaction result)
    {
        BlockingCall.Run(() => Outbox(eventData).UsesAsync(result));
        return result;
    }

    public override async ValueTask<DbTransaction> TransactionUsedAsync(
        DbConnection connection, TransactionEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        await Outbox(eventData).UsesAsync(result);
        return result;
    }

    public override InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        BlockingCall.Run(async () => await Outbox(eventData).CommittingAsync(transaction, CancellationToken.None));
        return result;
    }

    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        await Outbox(eventData).CommittingAsync(transaction, cancellationToken) ? InterceptionResult.Suppress() : result;

    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        BlockingCall.Run(() => JoinedTransactions.CommittedAsync(transaction));

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        JoinedTransactions.CommittedAsync(transaction).AsTask();

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) =>
        BlockingCall.Run(() => JoinedTransactions.RolledBackAsync(transaction));

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        JoinedTransactions.RolledBackAsync(transaction).AsTask();

    public override InterceptionResult CreatingSavepoint(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        BlockingCall.Run(() => Outbox(eventData).SettingSavepointAsync(transaction, CancellationToken.None));
        return result;
    }

    public override async ValueTask<InterceptionResult> CreatingSavepointAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        await Outbox(eventData).SettingSavepointAsync(transaction, cancellationToken);
        return result;
    }

    public override InterceptionResult ReleasingSavepoint(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result) =>
        Outbox(eventData).KeepsSavepoint() ? InterceptionResult.Suppress() : result;

    public override ValueTask<InterceptionResult> ReleasingSavepointAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(ReleasingSavepoint(transaction, eventData, result));

    public override void RolledBackToSavepoint(DbTransaction transaction, TransactionEventData eventData) => Outbox(eventData).RolledBackToSavepoint(transaction);

    public override Task RolledBackToSavepointAsync(DbTransaction transaction, TransactionEventData eventData, CancellationToken cancellationToken = default)
    {
        Outbox(eventData).RolledBackToSavepoint(transaction);
        return Task.CompletedTask;
    }

    private static ContextOutbox Outbox(DbContextEventData eventData) => ContextOutbox.Of(eventData.Context!);
}
