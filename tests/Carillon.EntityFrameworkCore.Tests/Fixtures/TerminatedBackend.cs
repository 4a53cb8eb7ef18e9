using System.Data.Common;
using Carillon.Tests;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>Lets the server end the connection of a context, once, right before rows are written or right before the commit.</summary>
internal sealed class TerminatedBackend(TestDatabase database, bool isBeforeCommit) : DbTransactionInterceptor, IDbCommandInterceptor
{
    /// <summary>How many connections were ended.</summary>
    public int Ended { get; private set; }

    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (isBeforeCommit)
            await EndAsync(transaction.Connection!);
        return result;
    }

    public async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (!isBeforeCommit && command.CommandText.StartsWith("INSERT", StringComparison.Ordinal))
            await EndAsync(command.Connection!);
        return result;
    }

    private async Task EndAsync(DbConnection connection)
    {
        if (Ended > 0)
            return;
        Ended++;
        // With a time, it returns when the process is gone.
        Assert.Equal("True", await database.TextAsync($"SELECT pg_terminate_backend({((NpgsqlConnection)connection).ProcessID}, 10000)"));
    }
}
