using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Keeps contexts from using transactions that somebody else began, as often as it is told.</summary>
internal sealed class RefusingInterceptor : DbTransactionInterceptor
{
    /// <summary>How often it still refuses; below 1, when it has.</summary>
    public int Refusals { get; set; }

    public override ValueTask<DbTransaction> TransactionUsedAsync(
        DbConnection connection, TransactionEventData eventData, DbTransaction result, CancellationToken cancellationToken = default) =>
        Refusals-- > 0 ? throw new TransientException() : ValueTask.FromResult(result);
}
