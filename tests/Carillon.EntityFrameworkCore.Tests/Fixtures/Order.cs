namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>A row of the shop's own.</summary>
public sealed class Order
{
    public Guid Id { get; set; }

    public required string Customer { get; set; }

    public int Number { get; set; }

    public decimal Total { get; set; } = 10;
}
