namespace Carillon.Benchmarks;

/// <summary>What the shop stores.</summary>
public abstract class Row
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public required string Number { get; set; }

    public decimal Total { get; set; }
}
