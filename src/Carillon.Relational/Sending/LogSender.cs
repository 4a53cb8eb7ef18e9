using Carillon.Transports;

namespace Carillon.Relational;

/// <summary>Stores messages in a log. A batch is one write; many senders may share a commit.</summary>
internal sealed class LogSender(Database database, Log log) : ITransportSender
{
    public async ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        if (batch.IsEmpty)
            return null;
        try
        {
            return await database.WriteAsync(database.Append(log, batch, AppendPatience.Full), cancellation);
        }
        catch (StorageFailedException e) when (e.IsForContent && batch.Length > 1)
        {
            return await SendOneByOneAsync(batch, cancellation);
        }
        catch (StorageFailedException e)
        {
            var certainty = e.IsOutcomeUnknown ? "It is not certain whether they are stored" : "They are not stored";
            throw e.ToRefusal($"{e.Reason} {certainty}: {Describe(batch.Span)}.");
        }
        catch (ObjectDisposedException e)
        {
            throw new PublishFailedException(ErrorCodes.BusNotRunning, $"{database.Name} is closed, because the host has stopped. Not stored: {Describe(batch.Span)}.", innerException: e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The database refuses the content of one message and does not say of which: the others must not fail with it.</summary>
    private async ValueTask<IReadOnlyList<SendFailure>?> SendOneByOneAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        List<SendFailure>? failures = null;
        for (var index = 0; index < batch.Length; index++)
        {
            try
            {
                if (await SendAsync(batch.Slice(index, 1), cancellation) is [var refused, ..])
                    (failures ??= []).Add(refused with { Index = index });
            }
            catch (PublishFailedException e)
            {
                (failures ??= []).Add(new SendFailure(index, e));

                // The database takes nothing for now. What comes later must not pass this by, should it take something again in between.
                for (var later = index + 1; e.IsTransient && later < batch.Length; later++)
                    failures.Add(new SendFailure(later, e));
                if (e.IsTransient)
                    break;
            }
        }

        return failures;
    }

    private static string Describe(ReadOnlySpan<Envelope> batch) => batch.Length == 1
        ? $"{batch[0].Type} ({batch[0].Id})"
        : $"{batch.Length} messages from {batch[0].Type} ({batch[0].Id}) to {batch[^1].Type} ({batch[^1].Id})";
}
