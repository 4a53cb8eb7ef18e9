namespace Carillon.KillTests;

/// <summary>What the publishers of both generations publish. The versions of a key are published in ascending order, each once.</summary>
[Event("kill.deposited")]
internal sealed record Deposited([property: Key] string Account, long Version) : IMovement;
