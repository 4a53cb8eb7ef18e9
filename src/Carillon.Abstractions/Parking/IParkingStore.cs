using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>
/// Keeps the messages that a subscription has set aside: those that wait for a delayed retry, dead letters, and the later messages of
/// the same key, which wait behind them in order (G5). A message is parked before the transport is told that it is finished, so at
/// every moment at least one of the two has it.
/// </summary>
/// <remarks>
/// What belongs together is a subscription, a partition and a key. Within that, messages are ordered by <see cref="ParkedMessage.Position"/>, or as they
/// arrived where they have none, and only the first one may be claimed.
/// Times are the store's own: claims are leases in its clock. Safe to call by several callers at once.
/// </remarks>
public interface IParkingStore
{
    /// <summary>
    /// Keeps messages. One that is already there (same subscription, source and id) stays as it is, so that parking again after a crash has no
    /// effect.
    /// </summary>
    /// <exception cref="CarillonException">
    /// With <see cref="ErrorCodes.ParkingFailed"/>: the store is full or cannot be written, and with <see cref="ErrorCodes.ContentRefused"/>: it can never
    /// hold these as they are. Nothing was kept. The runtime then parks with less text; what names the message, and its body, stay.
    /// </exception>
    ValueTask ParkAsync(IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation);

    /// <summary>
    /// Which keys of the subscription are held up in a partition, and by how many messages each: all that
    /// <see cref="ParkedMessage.BlocksKey"/>.
    /// </summary>
    ValueTask<IReadOnlyDictionary<string, int>> CountByKeyAsync(string subscription, string partition, CancellationToken cancellation);

    /// <summary>Waits until there may be something to claim: something became due, was replayed or discarded, or <paramref name="patience"/> is over.</summary>
    ValueTask WaitForWorkAsync(string subscription, TimeSpan patience, CancellationToken cancellation);

    /// <summary>
    /// Takes messages that are due, at most one per key, the first in order, which nobody else holds. A message parked as
    /// <see cref="ParkedState.Dead"/> is never due, and while it <see cref="ParkedMessage.BlocksKey"/> neither is anything behind it.
    /// </summary>
    ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation);

    /// <summary>Writes down what became of a claimed message that was tried and failed again, and gives up the claim.</summary>
    ValueTask UpdateAsync(ParkedMessage message, CancellationToken cancellation);

    /// <summary>
    /// Makes due what waits in a partition for an instance that can handle it, and is handled by one now: messages that are
    /// <see cref="ParkedState.Scheduled"/> without holding up their key, and are of one of these types. From then on they hold up their keys like any
    /// other that waits for its turn, in the order of their positions.
    /// </summary>
    ValueTask ReviveAsync(string subscription, string partition, HandledTypes handles, CancellationToken cancellation);

    /// <summary>Removes messages that are finished. Those that are gone already are ignored.</summary>
    ValueTask CompleteAsync(IReadOnlyList<long> ids, CancellationToken cancellation);
}
