namespace OrderFlow.Orders;

/// <summary>What <c>POST /orders</c> asks for. Anything may be missing until it was checked.</summary>
internal sealed record PlaceOrder(string? UserId = null, IReadOnlyList<PlaceOrderItem?>? Items = null);
