namespace Carillon.Simulations.Messages;

/// <summary>Caused by <see cref="OrderPlaced"/>.</summary>
internal sealed record StockReserved(string OrderId, int Number);
