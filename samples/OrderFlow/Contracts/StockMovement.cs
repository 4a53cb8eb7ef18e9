namespace OrderFlow.Contracts;

/// <summary>How the stock of one product changed.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">How many left the shelf (negative) or came back (positive).</param>
/// <param name="Available">How many were on the shelf afterwards.</param>
public sealed record StockMovement(string ProductId, int Quantity, int Available);
