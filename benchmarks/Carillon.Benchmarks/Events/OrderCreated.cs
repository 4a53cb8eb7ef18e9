namespace Carillon.Benchmarks;

/// <summary>The event that is measured with: an order of three lines.</summary>
[Event("order.created")]
public sealed record OrderCreated([property: Key] string OrderId, string UserId, OrderLine[] Items, decimal TotalAmount, DateTimeOffset CreatedAt);
