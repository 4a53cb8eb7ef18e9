namespace Carillon.Transports;

/// <summary>Takes the messages of one subscription out of the transport.</summary>
public interface ITransportReceiver : IAsyncDisposable
{
    /// <summary>Begins to hand messages to <paramref name="sink"/>. Completes when the subscription is really being received.</summary>
    ValueTask StartAsync(IDeliverySink sink, CancellationToken cancellation);

    /// <summary>
    /// Hands over no further messages once it has completed. Deliveries handed over before may still be settled until the receiver is
    /// disposed; disposing writes the settlements down and lets other instances take over at once.
    /// </summary>
    ValueTask StopAsync(CancellationToken cancellation);
}
