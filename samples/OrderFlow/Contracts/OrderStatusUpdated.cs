using Carillon;

namespace OrderFlow.Contracts;

/// <summary>An order reached another status. Published by orders.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="UserId">Who placed it.</param>
/// <param name="Status">One of <see cref="OrderStatus"/>.</param>
/// <param name="Reason">One of <see cref="RejectionReason"/>, or null when it was not rejected.</param>
/// <param name="Total">What the order costs.</param>
[Event("order.status.updated")]
public sealed record OrderStatusUpdated([property: Key] string OrderId, string UserId, string Status, string? Reason, decimal Total);
