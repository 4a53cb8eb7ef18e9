namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>What is raised inside the process while a payment is handled.</summary>
[Event("order.counted")]
public sealed record OrderCounted(int Number);
