namespace Carillon.Parking;

/// <summary>What to take out of the parking store.</summary>
/// <param name="Owners">The partitions to take from, all of one subscription. One that has another owner by now gives nothing.</param>
/// <param name="Limit">The most messages to take.</param>
/// <param name="LimitOfKey">The most messages of one key, at least 1.</param>
public sealed record ParkingClaim(IReadOnlyCollection<ParkingOwner> Owners, int Limit, int LimitOfKey)
{
    /// <summary>
    /// How much to take, in bytes of memory, at least 1: of all that comes back with the messages, so that headers and failed attempts count as well as bodies. What is
    /// taken ends with the message that reaches it, so that a message of any size comes at all. Default 16 MiB.
    /// </summary>
    public long LimitBytes { get; init; } = 16 * 1024 * 1024;
}
