namespace Carillon.Simulations.Messages;

/// <summary>Caused by <see cref="StockReserved"/>, some of them later.</summary>
internal sealed record PaymentTaken(string OrderId, int Number, bool IsLate);
