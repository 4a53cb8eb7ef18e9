using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Writes an order of its own right before a commit, as interceptors of applications do that keep an audit.</summary>
internal sealed class CommittingInterceptor : DbTransactionInterceptor
{
    /// <summary>The number of the order.</summary>
    public const int Number = 1_000;

    /// <summary>Whether it writes from now on.</summary>
    public bool Writes { get; set; }

    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (Writes)
        {
            await eventData.Context!.Database.ExecuteSqlAsync(
                $"""INSERT INTO "Orders" ("Id", "Customer", "Number", "Total") VALUES (gen_random_uuid(), 'audit', {Number}, 0)""", cancellationToken);
        }

        return result;
    }
}
