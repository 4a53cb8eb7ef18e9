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
            return await database.WriteAsync(database.Append(log, batch), cancellation);
        }
        catch (StorageFailedException e)
        {
            var certainty = e.IsOutcomeUnknown ? "It is not certain whether they are stored" : "They are not stored";
            throw new PublishFailedException(e.Code, $"{e.Reason} {certainty}: {Describe(batch.Span)}.", e.IsOutcomeUnknown, e);
        }
        catch (ObjectDisposedException e)
        {
            throw new PublishFailedException(ErrorCodes.BusNotRunning, $"{database.Name} is closed, because the host has stopped. Not stored: {Describe(batch.Span)}.", innerException: e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Describe(ReadOnlySpan<Envelope> batch) => batch.Length == 1
        ? $"{batch[0].Type} ({batch[0].Id})"
        : $"{batch.Length} messages from {batch[0].Type} ({batch[0].Id}) to {batch[^1].Type} ({batch[^1].Id})";
}
