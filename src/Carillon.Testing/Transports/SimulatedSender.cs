using Carillon.Testing.Network;
using Carillon.Transports;

namespace Carillon.Testing.Transports;

/// <summary>Stores messages in the log. A batch is one request and one commit.</summary>
internal sealed class SimulatedSender(ILink link, Func<IReadOnlyList<Envelope>, IReadOnlyList<SendFailure>> append) : ITransportSender
{
    private bool _isDisposed;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellation.ThrowIfCancellationRequested();
        if (batch.IsEmpty)
            return null;
        // The memory is the caller's again when the call has ended, but the request may reach the server after that.
        var messages = batch.ToArray();
        try
        {
            return await link.CallAsync(ServerOperation.Append, () => append(messages), cancellation);
        }
        catch (ConnectionLostException error)
        {
            throw new PublishFailedException(ErrorCodes.PublishFailed,
                $"The server has not answered, so it is not certain whether {messages.Length} messages from {messages[0].Type} ({messages[0].Id}) on are stored: publish them again with the same ids.",
                isOutcomeUnknown: true, error)
            {
                IsTransient = true,
            };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }
}
