namespace Carillon.Transports;

/// <summary>Stores messages in the transport.</summary>
public interface ITransportSender : IAsyncDisposable
{
    /// <summary>
    /// Sends a batch and completes when the transport has confirmed it (G1): durably, where the transport is durable. Messages keep the
    /// order of the batch. One message that cannot be sent does not keep the others from being sent.
    /// </summary>
    /// <param name="batch">The messages. The memory is the caller's again when the call has completed.</param>
    /// <param name="cancellation">Gives up waiting; what was already handed to the transport may be stored all the same.</param>
    /// <returns>The messages that were not stored, by their index in the batch; null or empty when all were.</returns>
    /// <remarks>
    /// <para>Called by one caller at a time, and again only when the call before has completed, except on an <see cref="IPipelinedSender"/>.</para>
    /// <para>What is wrong with the transport and not with a message is refused for now (<see cref="PublishFailedException.IsTransient"/>), and whatever follows of
    /// the key in the batch is refused with it, for now and unstored: it must not pass by. What is wrong with a message is refused for good, and alone.</para>
    /// <para>An exception means that no message of the batch is known to be stored; one that is no <see cref="PublishFailedException"/> counts as one for now.</para>
    /// </remarks>
    ValueTask<IReadOnlyList<SendFailure>?> SendAsync(ReadOnlyMemory<Envelope> batch, CancellationToken cancellation);
}
