using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.PostgreSql;

/// <summary>
/// Appends a batch to a log, in its order. Commands that nobody handles are left out of the transport's log and reported, and so is what no
/// server can hold.
/// </summary>
internal sealed class MessageAppend(OpenDatabase database, Log log, ReadOnlyMemory<Envelope> batch) : WriteOperation<IReadOnlyList<SendFailure>?>
{
    public override long Size { get; } = BatchSize.Of(batch.Span);

    public Log Log => log;

    /// <summary>Appends inside a transaction that others began; its commit should follow at once.</summary>
    public override async ValueTask<IReadOnlyList<SendFailure>?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        var into = new EnvelopeBatch(log);
        var failures = await CollectAsync(into, session, cancellation);
        if (into.Count == 0)
            return failures;
        var own = (PostgreSqlWriteSession)session;
        TimeSpan? longestPause = own.Ownership == TransactionOwnership.None ? null : database.Options.LeaseTime;
        await using var insert = AppendOrder.LockBatch(own.Connection, database.Texts.Schema, log.Table, into.Partitions, longestPause);
        insert.BatchCommands.Add(into.ToCommand(database.Texts));
        await insert.RunAsync(cancellation);
        session.Changed(DatabaseChange.Messages);
        return failures;
    }

    /// <summary>Adds what can be stored, and notes the rest as this operation's result.</summary>
    public async ValueTask CollectAsync(EnvelopeBatch into, Session session) => SetResult(await CollectAsync(into, session, CancellationToken.None));

    private async ValueTask<IReadOnlyList<SendFailure>?> CollectAsync(EnvelopeBatch into, Session session, CancellationToken cancellation)
    {
        List<SendFailure>? failures = null;
        for (var i = 0; i < batch.Length; i++)
        {
            var envelope = batch.Span[i];
            if (await MessageRefusal.FindAsync(session, log, envelope, cancellation) is { } error)
                (failures ??= []).Add(new SendFailure(i, error));
            else
                into.Add(envelope, envelope.Key is { } key ? Partitions.Of(key, database.Partitions) : WriteSession.NextTurn() % database.Partitions);
        }

        return failures;
    }
}
