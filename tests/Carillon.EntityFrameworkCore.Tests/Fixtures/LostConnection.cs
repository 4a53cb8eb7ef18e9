using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Loses the connection at commits, as often as it is told, after everything has been stored and before it is committed.</summary>
internal sealed class LostConnection : DbTransactionInterceptor
{
    private int _failures;

    /// <summary>How many commits were tried since it was told.</summary>
    public int Commits { get; private set; }

    /// <summary>Called when a commit begins.</summary>
    public Action Committing { get; set; } = static () => { };

    /// <summary>The next commits fail.</summary>
    public void Fail(int times) => (_failures, Commits) = (times, 0);

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        Commits++;
        Committing();
        return _failures-- > 0 ? throw new TransientException() : ValueTask.FromResult(result);
    }
}
