namespace Carillon.Parking;

/// <summary>What to take out of the parking store.</summary>
/// <param name="Subscription">For which subscription.</param>
/// <param name="Partitions">The names of the partitions that this instance owns.</param>
/// <param name="Owner">Who takes it.</param>
/// <param name="Lease">How long the taker keeps it before others may take it.</param>
/// <param name="Limit">The most messages to take.</param>
public sealed record ParkingClaim(string Subscription, IReadOnlyCollection<string> Partitions, string Owner, TimeSpan Lease, int Limit);
