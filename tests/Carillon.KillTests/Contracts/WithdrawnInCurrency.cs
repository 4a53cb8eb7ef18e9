namespace Carillon.KillTests;

/// <summary>The newer version of <see cref="Withdrawn"/>, which the older generation cannot read.</summary>
[Event("kill.withdrawn", Version = 2)]
internal sealed record WithdrawnInCurrency([property: Key] string Account, long Version, string Currency) : IMovement;
