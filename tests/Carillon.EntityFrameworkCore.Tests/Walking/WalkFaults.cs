using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Tests.Walking;

/// <summary>Lets commits fail when everything is stored and nothing is committed.</summary>
internal sealed class WalkFaults : DbTransactionInterceptor
{
    /// <summary>Whether the next commit fails.</summary>
    public bool LosesCommit { get; set; }

    public override InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result)
    {
        if (!LosesCommit)
            return result;
        LosesCommit = false;
        throw new TransientException();
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
        new(TransactionCommitting(transaction, eventData, result));
}
