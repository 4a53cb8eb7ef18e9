using Carillon;

namespace OrderFlow.Contracts;

/// <summary>A customer placed an order. Published by orders; the order's story begins here.</summary>
/// <param name="OrderId">The order. Being the key, it keeps all events of one order in order.</param>
/// <param name="UserId">Who placed it.</param>
/// <param name="Items">What was ordered.</param>
/// <param name="Total">What it costs.</param>
[Event("order.created")]
public sealed record OrderCreated([property: Key] string OrderId, string UserId, IReadOnlyList<OrderLine> Items, decimal Total);
