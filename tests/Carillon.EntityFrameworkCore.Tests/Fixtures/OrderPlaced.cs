namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>What the shop publishes.</summary>
[Event("order.placed")]
public sealed record OrderPlaced([property: Key] string Customer, int Number);
