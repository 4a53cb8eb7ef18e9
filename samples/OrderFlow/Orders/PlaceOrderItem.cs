namespace OrderFlow.Orders;

/// <summary>One line of what <c>POST /orders</c> asks for.</summary>
internal sealed record PlaceOrderItem(string? ProductId = null, int? Quantity = null, decimal? Price = null);
