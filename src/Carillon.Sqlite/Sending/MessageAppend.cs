using Carillon.Relational;
using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>Appends a batch to a log, in its order. Commands that nobody handles are left out of the transport's log and reported, and so is what no
/// database can hold.</summary>
internal sealed class MessageAppend(ReadOnlyMemory<Envelope> batch, int partitions, Log log) : WriteOperation<IReadOnlyList<SendFailure>?>
{
    public override long Size { get; } = BatchSize.Of(batch.Span);

    public override async ValueTask<IReadOnlyList<SendFailure>?> RunAsync(WriteSession session, CancellationToken cancellation)
    {
        List<SendFailure>? failures = null;
        var insert = session.Prepare(SendingSql.Append(log)).Set("recorded", session.StoredNow);
        for (var i = 0; i < batch.Length; i++)
        {
            var envelope = batch.Span[i];
            if (await MessageRefusal.FindAsync(session, log, envelope, cancellation) is { } error)
            {
                (failures ??= []).Add(new SendFailure(i, error));
                continue;
            }

            var partition = envelope.Key is { } key ? Partitions.Of(key, partitions) : WriteSession.NextTurn() % partitions;
            await insert.Set("partition", partition).SetEnvelope(envelope).ExecuteAsync(cancellation);
        }

        if ((failures?.Count ?? 0) < batch.Length)
            session.Changed(DatabaseChange.Messages);
        return failures;
    }
}
