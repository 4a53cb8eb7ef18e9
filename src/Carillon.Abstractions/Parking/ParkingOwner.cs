namespace Carillon.Parking;

/// <summary>The right to set messages of a partition aside, until somebody else takes it over.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Partition">The name of the partition.</param>
/// <param name="Epoch">Grows with every takeover. What is written with an older one is refused.</param>
public readonly record struct ParkingOwner(string Subscription, string Partition, long Epoch)
{
    /// <summary>
    /// When the partition was taken over, the highest <see cref="ParkedMessage.Id"/> that a message of it could have: what earlier owners have parked has no higher
    /// one, and what this one parks has.
    /// </summary>
    public long ParkedUpTo { get; init; }
}
