namespace Carillon.Benchmarks;

/// <summary>A line of an order.</summary>
public sealed record OrderLine(string ProductId, int Quantity, decimal Price);
