namespace OrderFlow.Orders;

/// <summary>What <c>POST /orders</c> answers: the order is stored and will come to a final status.</summary>
internal sealed record OrderAccepted(string OrderId, string Status, decimal Total);
