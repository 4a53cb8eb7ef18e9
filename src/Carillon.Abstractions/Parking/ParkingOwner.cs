namespace Carillon.Parking;

/// <summary>The right to set messages of a partition aside, until somebody else takes it over.</summary>
/// <param name="Subscription">The subscription.</param>
/// <param name="Partition">The name of the partition.</param>
/// <param name="Epoch">Grows with every takeover. What is written with an older one is refused.</param>
public readonly record struct ParkingOwner(string Subscription, string Partition, long Epoch);
