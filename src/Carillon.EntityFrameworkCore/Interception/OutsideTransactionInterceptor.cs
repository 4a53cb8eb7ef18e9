using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore;

/// <summary>
/// For contexts whose options lack <c>UseCarillon</c>: refuses transactions beside the unit of work that the calling code runs in, and to commit that of the unit of work.
/// </summary>
/// <param name="find">Finds the unit of work; null where there is none.</param>
internal sealed class OutsideTransactionInterceptor(Func<DbContext, SurroundingWork?> find) : DbTransactionInterceptor
{
    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result)
    {
        FindWork(eventData)?.RefuseWriting();
        return result;
    }

    public override ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionStarting(connection, eventData, result));

    public override InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        FindWork(eventData)?.RefuseCommitting();
        return result;
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TransactionCommitting(transaction, eventData, result));

    private SurroundingWork? FindWork(DbContextEventData eventData) => eventData.Context is { } context ? find(context) : null;
}
