using System.Data;
using Carillon.Durability;
using Carillon.Relational;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>
/// Writes everything that is not published by itself: what waits shares a transaction, until that has taken a while. What is left shares the next one, so that
/// nobody waits for the whole of a long line.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="queue">What is to be written.</param>
/// <param name="open">Opens a connection for one transaction.</param>
internal sealed class TransactionWriter(OpenDatabase database, WriteQueue queue, Func<CancellationToken, ValueTask<NpgsqlConnection>> open) : GroupWriter(queue)
{
    private static readonly TimeSpan LongestGroup = TimeSpan.FromMilliseconds(250);

    protected override async Task<StorageFailedException?> TryWriteAsync(List<WriteOperation> group)
    {
        var isCommitting = false;
        DatabaseChange changes;
        int written;
        try
        {
            await using var connection = await open(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            using var session = database.OpenSession(connection, TransactionOwnership.Work);
            await session.AskTimeAsync(CancellationToken.None);
            written = await ExecuteAsync(group, session);
            changes = session.Changes;
            isCommitting = true;
            Failpoint.Reach("postgresql.committing");
            await CheckedCommit.RunAsync(connection, CancellationToken.None);
            Failpoint.Reach("postgresql.committed");
        }
        catch (Exception e)
        {
            return database.Explain(e, isCommitting);
        }

        foreach (var operation in group[..written])
            operation.Complete();
        group.RemoveRange(0, written);
        database.Committed(changes, bytes: 0);
        return null;
    }

    private async ValueTask<int> ExecuteAsync(List<WriteOperation> group, PostgreSqlWriteSession session)
    {
        var began = database.Time.GetTimestamp();
        var executed = 0;
        while (executed < group.Count && (executed == 0 || database.Time.GetElapsedTime(began) < LongestGroup))
            await group[executed++].ExecuteAsync(session);
        return executed;
    }
}
