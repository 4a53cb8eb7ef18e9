using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>
/// Keeps the messages that a subscription has set aside: those that wait for a delayed retry, dead letters, and the later messages of
/// the same key, which wait behind them in order (G5). A message is parked before the transport is told that it is finished, so at
/// every moment at least one of the two has it.
/// </summary>
/// <remarks>
/// <para>What belongs together is a subscription, a partition and a key. Within that, messages are ordered by <see cref="ParkedMessage.Position"/>, or as they
/// arrived where they have none. The first of them that <see cref="ParkedMessage.BlocksKey"/> holds up everything behind it.</para>
/// <para>A partition has one owner, the last one that took it over. Whatever an earlier owner writes is refused, so that a process which was paused
/// cannot set aside what its successor has handled.</para>
/// <para>The store alone knows what is held up: it answers each write with that. Times are the store's own. Safe to call by several callers at once.</para>
/// </remarks>
public interface IParkingStore
{
    /// <summary>
    /// Makes the caller the owner of partitions. From then on the writes of earlier owners are refused, and what they had claimed is free.
    /// </summary>
    /// <returns>
    /// The owner of each partition that was taken over. One whose fence is older than the last owner's is left out: it belongs to somebody else by now.
    /// </returns>
    ValueTask<IReadOnlyList<ParkingOwner>> TakeOverAsync(string subscription, IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation);

    /// <summary>Which keys of a partition are held up, page by page, in an order of the store's own.</summary>
    /// <param name="owner">Whose subscription and partition.</param>
    /// <param name="after">The last key of the page before, or null for the first page.</param>
    /// <param name="limit">The most keys to return; fewer are the last page.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<IReadOnlyList<string>> ReadHeldUpAsync(ParkingOwner owner, string? after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Keeps messages of the owner's partition. One that is already there (same subscription, source and id) stays as it is, so that parking again after
    /// a crash has no effect. One that is <see cref="ParkedState.Behind"/> is kept only if its key is held up, be it by one before it in
    /// the same call.
    /// </summary>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.ParkingFailed"/>: the store is full or cannot be written; with <see cref="ErrorCodes.PartitionTakenOver"/>: the partition
    /// has another owner by now; with <see cref="ErrorCodes.ContentRefused"/>: the store can never hold these as they are. Nothing was kept. The runtime
    /// then parks with less text; what names the message, and its body, stay.
    /// </exception>
    ValueTask<ParkingAnswer> ParkAsync(ParkingOwner owner, IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation);

    /// <summary>
    /// Writes down what became of claimed messages: some are finished and go, and then one may have failed again and waits anew. The rest of
    /// what was claimed with them is free again. Messages that are gone are ignored.
    /// </summary>
    /// <param name="owner">The owner of the partition.</param>
    /// <param name="finished">The numbers of those that are finished.</param>
    /// <param name="failed">The one that failed, as it is to be kept, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.ParkingFailed"/>, <see cref="ErrorCodes.PartitionTakenOver"/> or <see cref="ErrorCodes.ContentRefused"/>. Nothing was written.
    /// </exception>
    ValueTask<ParkingAnswer> SettleAsync(ParkingOwner owner, IReadOnlyList<long> finished, ParkedMessage? failed, CancellationToken cancellation);

    /// <summary>
    /// Makes due what waits in a partition for an instance that can handle it, and is handled by one now: messages that are
    /// <see cref="ParkedState.Scheduled"/> without holding up their key, and are among what it handles. From then on they hold up their keys like any
    /// other that waits for its turn, in the order of their positions.
    /// </summary>
    /// <returns>The types and topics of what waits on in the partition for an instance that can handle it.</returns>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.ParkingFailed"/> or <see cref="ErrorCodes.PartitionTakenOver"/>.</exception>
    ValueTask<IReadOnlyCollection<RoutedType>> ReviveAsync(ParkingOwner owner, HandledMessages handles, CancellationToken cancellation);

    /// <summary>Removes for good what a subscription has set aside, dead letters too. What earlier owners of its partitions write is refused.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.ParkingFailed"/>. Nothing was removed.</exception>
    ValueTask RetireAsync(string subscription, CancellationToken cancellation);

    /// <summary>
    /// Claims messages that are due. Of each key it takes the first message if nobody has claimed it, then those right behind it that are due too. It
    /// stops after the first message that has failed before (<see cref="ParkedMessage.Attempts"/>): that one must not wait for those behind it.
    /// A dead letter is never due, and nothing behind it is while it <see cref="ParkedMessage.BlocksKey"/>. A message that does not block its key
    /// waits only for its time. A claim lasts until the message is settled or the partition is taken over.
    /// </summary>
    /// <returns>The messages, those of a key one after the other and in order.</returns>
    ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation);

    /// <summary>Waits until there is something to claim in these partitions, or <paramref name="patience"/> is over.</summary>
    ValueTask WaitForWorkAsync(string subscription, IReadOnlyCollection<string> partitions, TimeSpan patience, CancellationToken cancellation);

    /// <summary>Waits until somebody has replayed a message with a key after the one of that number, or <paramref name="patience"/> is over.</summary>
    /// <param name="subscription">Of which subscription, in whatever partition.</param>
    /// <param name="after">The number of the last replay that is known; 0 for none.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The keys that were held up by that and are not finished yet, in the order of the replays, at most 1,000.</returns>
    ValueTask<IReadOnlyList<ReplayedKey>> WaitForReplaysAsync(string subscription, long after, TimeSpan patience, CancellationToken cancellation);
}
