using Carillon;

namespace OrderFlow.Contracts;

/// <summary>An order cannot be served from stock; nothing was reserved for it. Published by inventory.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Reason"><see cref="RejectionReason.ProductNotFound"/> or <see cref="RejectionReason.InsufficientStock"/>.</param>
/// <param name="ProductId">The first product that cannot be served.</param>
/// <param name="Requested">How many were ordered.</param>
/// <param name="Available">How many there were.</param>
[Event("inventory.check.failed")]
public sealed record InventoryCheckFailed([property: Key] string OrderId, string Reason, string ProductId, int Requested, int Available)
    : IStockDecision;
