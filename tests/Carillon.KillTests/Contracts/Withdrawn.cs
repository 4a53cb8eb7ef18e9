namespace Carillon.KillTests;

/// <summary>What publishers of the older generation publish.</summary>
[Event("kill.withdrawn")]
internal sealed record Withdrawn([property: Key] string Account, long Version) : IMovement;
