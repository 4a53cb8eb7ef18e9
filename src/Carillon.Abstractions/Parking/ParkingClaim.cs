namespace Carillon.Parking;

/// <summary>What to take out of the parking store.</summary>
/// <param name="Owners">The partitions to take from, all of one subscription. One that has another owner by now gives nothing.</param>
/// <param name="Limit">The most messages to take.</param>
/// <param name="LimitOfKey">The most messages of one key, at least 1.</param>
public sealed record ParkingClaim(IReadOnlyCollection<ParkingOwner> Owners, int Limit, int LimitOfKey);
