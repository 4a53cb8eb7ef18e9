using System.Data.Common;

namespace Carillon.EntityFrameworkCore.Tests.Handling;

/// <summary>Commits its own transaction, for all payments that come together, and then fails.</summary>
public static class CommittingHandlers
{
    [Handler(BatchSize = 10)]
    public static async Task On(IReadOnlyList<PaymentReceived> payments, DbTransaction transaction, CancellationToken cancellation)
    {
        await transaction.CommitAsync(cancellation);
        throw new InvalidOperationException($"It fails after that, with {payments.Count}.");
    }
}
