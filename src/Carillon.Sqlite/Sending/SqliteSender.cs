using Carillon.Transports;

namespace Carillon.Sqlite;

/// <summary>Stores messages in the file. A batch is one write; many senders share a commit.</summary>
internal sealed class SqliteSender(OpenFile file, Log log) : ITransportSender
{
    public async ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        if (batch.IsEmpty)
            return null;
        try
        {
            return await file.Writes.WriteAsync(new MessageAppend(batch, file.Partitions, log), cancellation);
        }
        catch (WriteFailedException e)
        {
            var certainty = e.IsOutcomeUnknown ? "It is not certain whether they are stored" : "They are not stored";
            throw new PublishFailedException(e.Code, $"{e.Reason} {certainty}: {Describe(batch.Span)}.", e.IsOutcomeUnknown, e);
        }
        catch (ObjectDisposedException e)
        {
            throw new PublishFailedException(ErrorCodes.BusNotRunning, $"The file {file.Path} is closed, because the host has stopped. Not stored: {Describe(batch.Span)}.", innerException: e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Describe(ReadOnlySpan<Envelope> batch) => batch.Length == 1
        ? $"{batch[0].Type} ({batch[0].Id})"
        : $"{batch.Length} messages from {batch[0].Type} ({batch[0].Id}) to {batch[^1].Type} ({batch[^1].Id})";
}
