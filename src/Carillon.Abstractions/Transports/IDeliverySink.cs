namespace Carillon.Transports;

/// <summary>The runtime's side of a receiver: takes messages when there is room for them (G4).</summary>
/// <remarks>A receiver calls one member at a time, apart from <see cref="RevokeAsync"/> and those that tell that something is lost.</remarks>
public interface IDeliverySink
{
    /// <summary>Waits until there is room for at least one message.</summary>
    /// <returns>For how many messages there is room.</returns>
    ValueTask<int> WaitForRoomAsync(CancellationToken cancellation);

    /// <summary>
    /// What is left of the room at this moment. Of one key a receiver that can read past messages has no more in hand than that, so that a key with a long
    /// backlog leaves room for the others (<see cref="PartitionProgress"/> sees to it). Default: no limit.
    /// </summary>
    DeliveryRoom Room => DeliveryRoom.Unlimited;

    /// <summary>
    /// Takes messages over, at most as many as there was room for. Returns at once; each delivery is settled later, exactly once, in any
    /// order. Deliveries of one key must be handed over in their order.
    /// </summary>
    void Deliver(ReadOnlySpan<Delivery> deliveries);

    /// <summary>
    /// Tells that this instance now owns partitions, before anything of them is delivered. Transports without partitions call it once
    /// after start with <see cref="Partitions.Whole"/>. An assignment with another fence ends the one before it, as <see cref="Lose(IReadOnlyCollection{AssignedPartition})"/> would.
    /// </summary>
    ValueTask AssignAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation);

    /// <summary>
    /// Tells that this instance is to give partitions up that it owns: nothing more of them may be delivered, and what waits is returned. Completes when none of
    /// their messages is being handled any more, however long that takes; before that nobody else may own them. When <paramref name="deadline"/> is
    /// cancelled, handlers are cancelled; one that does not heed it keeps its partition.
    /// </summary>
    /// <param name="partitions">The partitions, as they were assigned. What is not assigned any more, or by another fence, is not touched.</param>
    /// <param name="deadline">When handlers are cancelled.</param>
    /// <remarks>
    /// A receiver does not wait for one partition while others have messages: each is revoked by itself, and other members may be called meanwhile. A partition
    /// without a fence is not assigned again before this has completed.
    /// </remarks>
    ValueTask RevokeAsync(IReadOnlyCollection<AssignedPartition> partitions, CancellationToken deadline);

    /// <summary>
    /// Tells that partitions may be another instance's already, also while they are being revoked: what waits is returned, handlers are cancelled at once, and nobody
    /// waits for them. They may be assigned again at any time.
    /// </summary>
    /// <param name="partitions">The partitions, as they were assigned. What is not assigned any more, or by another fence, is not touched.</param>
    void Lose(IReadOnlyCollection<AssignedPartition> partitions);

    /// <summary>
    /// Tells that one delivery is not this instance's any more, although its partition is: the time for acknowledging it is over, or its consumer was cancelled. If it
    /// is being handled, its handler is cancelled at once, and nobody waits for it; what is in hand of its key behind it is returned without being begun with. All of these are settled
    /// as ever, and what is said of the lost one has no effect.
    /// </summary>
    /// <param name="delivery">The delivery, which is not settled as far as the receiver knows. One that is, is not touched.</param>
    /// <remarks>Whoever gets the message next gets it before what follows of its key, so the receiver hands nothing more of the key over before the message has come again.</remarks>
    void Lose(Delivery delivery);
}
