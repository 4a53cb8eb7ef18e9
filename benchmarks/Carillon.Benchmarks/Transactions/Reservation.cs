namespace Carillon.Benchmarks;

/// <summary>What was reserved for an order.</summary>
public sealed class Reservation : Row;
