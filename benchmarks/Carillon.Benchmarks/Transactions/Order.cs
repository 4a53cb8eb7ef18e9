namespace Carillon.Benchmarks;

/// <summary>What was ordered.</summary>
public sealed class Order : Row;
