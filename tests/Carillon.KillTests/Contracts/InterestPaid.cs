namespace Carillon.KillTests;

/// <summary>What only the newer generation knows.</summary>
[Event("kill.interest-paid")]
internal sealed record InterestPaid([property: Key] string Account, long Version) : IMovement;
