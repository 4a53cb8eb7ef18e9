using Carillon.Durability;
using Carillon.Relational;
using Carillon.Transports;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Appends a batch and commits the transaction, in one message to the server: others wait for its partitions only while the server works.</summary>
internal sealed class CommittingAppend(OpenDatabase database, MessageAppend append) : WriteOperation<IReadOnlyList<SendFailure>?>
{
    public override long Size => append.Size;

    public override async ValueTask<IReadOnlyList<SendFailure>?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var (batch, failures) = await append.PrepareAsync((PostgreSqlWriteSession)session, cancellation);
        await using (batch)
        {
            if (failures is { Count: > 0 })
                return failures;
            // Whatever failed before, in the batch or ahead of it, keeps the server from coming to the commit.
            if (batch.BatchCommands.Count == 0)
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
            await CommitAsync(batch);
            return null;
        }
    }

    private async ValueTask CommitAsync(NpgsqlBatch batch)
    {
        try
        {
            Failpoint.Reach("postgresql.committing");
            // Not cancelled half-way: nobody would know how it ended.
            await batch.RunAsync(CancellationToken.None);
            Failpoint.Reach("postgresql.committed");
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw database.Explain(e, atCommit: true);
        }
    }
}
