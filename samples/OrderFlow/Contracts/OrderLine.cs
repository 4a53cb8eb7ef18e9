namespace OrderFlow.Contracts;

/// <summary>One line of an order.</summary>
/// <param name="ProductId">The product, such as <c>PROD-001</c>.</param>
/// <param name="Quantity">How many, at least 1.</param>
/// <param name="Price">The price of one.</param>
public sealed record OrderLine(string ProductId, int Quantity, decimal Price);
