namespace Carillon.Simulations.Messages;

/// <summary>A command, sent for some of the payments.</summary>
internal sealed record ShipOrder(string OrderId, int Number);
