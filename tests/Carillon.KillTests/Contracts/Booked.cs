namespace Carillon.KillTests;

/// <summary>What the ledger publishes for every movement that it handled.</summary>
[Event("kill.booked")]
internal sealed record Booked([property: Key] string Account, long Version);
