using Carillon;

namespace OrderFlow.Contracts;

/// <summary>Stock was reserved for an order, or given back. Published by inventory.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Change">One of <see cref="StockChange"/>.</param>
/// <param name="Items">What changed.</param>
[Event("inventory.updated")]
public sealed record InventoryUpdated([property: Key] string OrderId, string Change, IReadOnlyList<StockMovement> Items) : IStockDecision;
