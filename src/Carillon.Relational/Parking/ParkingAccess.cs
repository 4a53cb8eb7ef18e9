using Carillon.Parking;

namespace Carillon.Relational;

/// <summary>Who may change the parked messages of a partition: one transaction at a time, and of the owners the last one.</summary>
internal static class ParkingAccess
{
    /// <summary>Keeps other transactions from the parked messages of a partition.</summary>
    public static ValueTask LockAsync(WriteSession session, string subscription, string partition, CancellationToken cancellation) =>
        session.LockAsync(LockScope.Parking, $"{subscription}\n{partition}", cancellation);

    /// <summary>The same for an owner.</summary>
    /// <returns>Whether it is still the owner.</returns>
    public static async ValueTask<bool> TryEnterAsync(WriteSession session, ParkingOwner owner, CancellationToken cancellation)
    {
        await LockAsync(session, owner.Subscription, owner.Partition, cancellation);
        return await session.Prepare(ParkingSql.Epoch).Set("subscription", owner.Subscription).Set("partition", owner.Partition).NumberAsync(cancellation) == owner.Epoch;
    }
}
