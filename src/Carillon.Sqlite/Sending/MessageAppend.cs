using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>Appends a batch to a log, in its order. Commands that nobody handles are left out of the transport's log and reported.</summary>
internal sealed class MessageAppend(ReadOnlyMemory<Envelope> batch, int partitions, Log log) : WriteOperation<IReadOnlyList<SendFailure>?>
{
    private const int SizeOfAttributes = 512;

    public override long Size { get; } = Measure(batch.Span);

    public override IReadOnlyList<SendFailure>? Run(WriteSession session)
    {
        List<SendFailure>? failures = null;
        var insert = session.Prepare(SendingSql.Append(log)).Set("recorded", session.StoredNow);
        for (var i = 0; i < batch.Length; i++)
        {
            ref readonly var envelope = ref batch.Span[i];
            if (envelope.Kind == MessageKind.Command && log == Log.Messages && Refuse(session, envelope) is { } error)
            {
                (failures ??= []).Add(new SendFailure(i, error));
                continue;
            }

            var partition = envelope.Key is { } key ? Partitions.Of(key, partitions) : WriteSession.NextTurn() % partitions;
            insert.Set("partition", partition).SetEnvelope(envelope).Execute();
        }

        if ((failures?.Count ?? 0) < batch.Length)
            session.Changed(FileChange.Messages);
        return failures;
    }

    private static PublishFailedException? Refuse(WriteSession session, in Envelope envelope)
    {
        var service = envelope.Topic is { } topic ? session.Prepare(TopologySql.CommandService).Set("topic", topic).Text() : null;
        if (service is not null && (envelope.Destination is null || envelope.Destination == service))
            return null;
        var where = envelope.Destination is { } destination ? $"no subscription of the service {destination}" : "no subscription";
        return new PublishFailedException(ErrorCodes.NoCommandHandler,
            $"The command {envelope.Type} ({envelope.Id}) was not stored: {where} handles {envelope.Topic}. Start the service that handles it once, then send again.");
    }

    private static long Measure(ReadOnlySpan<Envelope> batch)
    {
        var size = 0L;
        foreach (ref readonly var envelope in batch)
            size += envelope.Body.Length + SizeOfAttributes;
        return size;
    }
}
