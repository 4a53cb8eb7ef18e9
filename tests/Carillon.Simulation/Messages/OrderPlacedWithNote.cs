namespace Carillon.Simulations.Messages;

/// <summary>The newer version of <see cref="OrderPlaced"/>, which only the newer version of the inventory reads.</summary>
internal sealed record OrderPlacedWithNote(string OrderId, int Number, int Failures, int Milliseconds, string Note);
