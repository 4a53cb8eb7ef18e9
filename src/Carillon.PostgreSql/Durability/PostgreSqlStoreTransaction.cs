using System.Data.Common;
using Carillon.Durability;
using Carillon.Relational;
using Npgsql;

namespace Carillon.PostgreSql;

/// <summary>One transaction on the server.</summary>
internal sealed class PostgreSqlStoreTransaction(
    OpenDatabase database, Log log, PostgreSqlWriteSession session, NpgsqlTransaction transaction, TransactionOwnership ownership)
    : StoreTransaction(database, log, session)
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(2);
    private bool _hasEnded;

    /// <inheritdoc/>
    public override DbTransaction Transaction => transaction;

    /// <inheritdoc/>
    public override bool CommitsForOthers => true;

    // A commit of Carillon's own is not cancelled half-way, because nobody would know how it ended. That of others is theirs to cancel.
    private bool IsOthers => ownership == TransactionOwnership.None;

    /// <inheritdoc/>
    public override async ValueTask CommitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            Failpoint.Reach("postgresql.committing");
            if (IsOthers)
                await CheckedCommit.RunAsync(session.Connection, cancellation);
            else
                await CheckedCommit.RunMarkedAsync(session.Connection, CancellationToken.None);
            Failpoint.Reach("postgresql.committed");
        }
        catch (Exception e) when (TransactionMark.IsMissing(e))
        {
            throw TransactionEnded.Refuse(e);
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            throw Explain(e, atCommit: true);
        }

        if (!IsOthers)
            Committed();
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> IsOpenAsync()
    {
        using var limit = new CancellationTokenSource(LongestEnd, database.Time);
        try
        {
            await using var command = new NpgsqlCommand(TransactionMark.Ask, session.Connection);
            return await command.ExecuteScalarAsync(limit.Token) is "1";
        }
        catch (Exception)
        {
            // A transaction that has failed takes no question, and is still the one that was begun; a broken connection has rolled it back.
            return true;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask CommitAsync(IReadOnlyList<Envelope> last, CancellationToken cancellation)
    {
        var append = new MessageAppend(database, Log, last.ToArray(), AppendPatience.Full);
        try
        {
            if (await RunAsync(new CommittingAppend(database, append), cancellation) is [var first, ..])
                throw first.Error;
        }
        catch (StorageFailedException failure)
        {
            throw failure.ToRefusal(failure.Reason);
        }

        if (!IsOthers)
            Committed();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        session.Dispose();
        if (ownership != TransactionOwnership.None)
            await EndAsync();
    }

    // A server that does not answer is not waited for: the driver gives it up by itself, and the transaction with it.
    private async Task EndAsync()
    {
        var ending = RollBackAsync();
        if (!ending.IsCompleted)
            await Task.WhenAny(ending, Task.Delay(LongestEnd, database.Time));
    }

    private async Task RollBackAsync()
    {
        try
        {
            await transaction.DisposeAsync();
        }
        catch (Exception e) when (StorageFailure.Explains(e))
        {
            // The connection is broken, and with it the transaction.
        }

        if (ownership == TransactionOwnership.Connection)
            await session.Connection.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override WriteOperation<InboxClaim> ToClaim(string subscription, Envelope message) => new ServerClaiming(subscription, message);

    /// <inheritdoc/>
    protected override Exception Explain(Exception error) => Explain(error, atCommit: false);

    private PublishFailedException Explain(Exception error, bool atCommit)
    {
        var failure = database.Explain(error, atCommit);
        return failure.ToRefusal(failure.Reason);
    }
}
