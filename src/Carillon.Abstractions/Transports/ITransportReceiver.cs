namespace Carillon.Transports;

/// <summary>Takes the messages of one subscription out of the transport.</summary>
/// <remarks>
/// Several versions of a service may run side by side. A receiver hands over every message of the topics that are stored for its
/// subscription, whether or not its own instance declares them. It never hands over or passes by a message that its instance does not handle
/// (<see cref="SubscriptionTopology.Handles"/>) while a living instance does: it stops before it, gives the partition back, and takes it again
/// only after another instance has finished that message or none lives that handles it (<see cref="PartitionSharing"/>; on a queue: cancels the
/// consumer; in a consumer group: leaves). What no living instance handles is handed over like anything else, and the runtime sets it aside.
/// </remarks>
public interface ITransportReceiver : IAsyncDisposable
{
    /// <summary>Begins to hand messages to <paramref name="sink"/>. Completes when the subscription is really being received.</summary>
    ValueTask StartAsync(IDeliverySink sink, CancellationToken cancellation);

    /// <summary>
    /// Hands over no further messages once it has completed. Deliveries handed over before may still be settled until the receiver is
    /// disposed; disposing writes the settlements down and lets other instances take over at once, all but what was abandoned (<see cref="Abandon"/>).
    /// </summary>
    ValueTask StopAsync(CancellationToken cancellation);

    /// <summary>
    /// Tells a receiver that has stopped, before it is disposed, of partitions whose messages are still being handled, by handlers that ignore that they were cancelled.
    /// Those are not given back: nobody else may own them before <paramref name="handled"/> has completed, or this instance's right to them has run out by itself, which it
    /// does not renew; the next owner is told then that they are from the dead (<see cref="AssignedPartition.IsFromTheDead"/>). A transport that lets nobody else in while
    /// the process lives has nothing to do.
    /// </summary>
    /// <param name="partitions">The partitions, as they were assigned. What is not this receiver's any more is not touched.</param>
    /// <param name="handled">Completes when none of their messages is being handled any more. A transport whose rights run out need not wait for it.</param>
    void Abandon(IReadOnlyCollection<AssignedPartition> partitions, Task handled)
    {
    }

    /// <summary>
    /// Tells that a message is finished, whether or not it was delivered by now: an earlier owner of the partition had parked it, and ended before the transport knew. A
    /// transport that keeps positions does not deliver it, and does not let a later owner deliver it either; one that cannot does nothing.
    /// </summary>
    void Finish(string partition, long position)
    {
    }

    /// <summary>
    /// Asks about a message that this instance does not handle and that the receiver has not read just now: it was parked, or has waited since. Where another
    /// living instance handles it, the partition is given back to go there, as if the receiver had stopped before the message; the sink hears of that by
    /// <see cref="IDeliverySink.RevokeAsync"/>. A transport whose instances do not share partitions has nobody to leave it to.
    /// </summary>
    /// <param name="partition">The message's partition. Nothing happens to it when it is not this instance's any more.</param>
    /// <param name="message">The message's type and topic.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// Whether another living instance handles it. False is never an old answer: who came a second ago is known by then. While that cannot be found out, an exception
    /// says so, and the message stays as it is.
    /// </returns>
    ValueTask<bool> LeaveAsync(string partition, RoutedType message, CancellationToken cancellation) => new(false);

    /// <summary>
    /// Whether another instance is to handle a message, as far as is known without asking: one that lives, or one that is gone for no longer than
    /// <see cref="SubscriptionTopology.UnhandledGrace"/> and may come back. The message waits meanwhile, and holds up its key. A transport whose instances do not share
    /// partitions has nobody to wait for.
    /// </summary>
    bool IsForAnother(RoutedType message) => false;
}
