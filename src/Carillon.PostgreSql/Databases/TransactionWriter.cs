using System.Data;
using Carillon.Durability;
using Carillon.Relational;

namespace Carillon.PostgreSql;

/// <summary>Writes everything that is not published by itself: what waits shares a transaction.</summary>
internal sealed class TransactionWriter(OpenDatabase database, WriteQueue queue) : GroupWriter(queue)
{
    protected override async Task<StorageFailedException?> TryWriteAsync(List<WriteOperation> group)
    {
        var isCommitting = false;
        DatabaseChange changes;
        try
        {
            await using var connection = await database.Connections.OpenReservedAsync(CancellationToken.None);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            using var session = database.OpenSession(connection);
            await session.BeginAsync(TransactionOwnership.Work, CancellationToken.None);
            foreach (var operation in group)
                await operation.ExecuteAsync(session);
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

        foreach (var operation in group)
            operation.Complete();
        database.Committed(changes, bytes: 0);
        return null;
    }
}
