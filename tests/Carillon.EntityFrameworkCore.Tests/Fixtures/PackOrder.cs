namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>What the shop asks for.</summary>
[Command("order.pack")]
public sealed record PackOrder([property: Key] string Customer, int Number);
