using Carillon.Durability;
using Carillon.Relational;
using Carillon.Transports;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>Appends a batch and commits the transaction, in one message to the server: others wait for its partitions only while the server works.</summary>
internal sealed class CommittingAppend(OpenDatabase database, MessageAppend append) : WriteOperation<IReadOnlyList<SendFailure>?>
{
    public override long Size => append.Size;

    public override bool NeedsTime => false;

    public override async ValueTask<IReadOnlyList<SendFailure>?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var own = (PostgreSqlWriteSession)session;
        var (batch, failures) = append.PrepareOnly(own) is { } only ? (only, null) : await append.PrepareAsync(own, isCommitted: true, cancellation);
        await using (batch)
        {
            if (failures is { Count: > 0 })
                return failures;
            // Whatever failed before, in the batch or ahead of it, keeps the server from coming to the commit.
            if (batch.BatchCommands.Count == 0)
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
            if (own.Ownership != TransactionOwnership.None)
                batch.BatchCommands.Insert(0, new NpgsqlBatchCommand(TransactionMark.Require));
            // Not cancelled half-way: nobody would know how it ended. Whoever has begun the transaction may do that, and waits here for partitions as well.
            await CommitAsync(batch, own.Ownership == TransactionOwnership.None ? cancellation : CancellationToken.None);
            return null;
        }
    }

    private async ValueTask CommitAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        try
        {
            Failpoint.Reach("postgresql.committing");
            await batch.RunAsync(cancellation);
            Failpoint.Reach("postgresql.committed");
        }
        catch (Exception e) when (TransactionMark.IsMissing(e))
        {
            throw TransactionEnded.Refuse(e);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw database.Explain(e, atCommit: true);
        }
    }
}
