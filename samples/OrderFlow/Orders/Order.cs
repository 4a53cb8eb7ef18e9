using OrderFlow.Contracts;

namespace OrderFlow.Orders;

/// <summary>An order and where it stands.</summary>
/// <param name="Number">Its running number.</param>
/// <param name="OrderId">Its id.</param>
/// <param name="UserId">Who placed it.</param>
/// <param name="Customer">Their name, when they registered.</param>
/// <param name="Items">What was ordered.</param>
/// <param name="Total">What it costs.</param>
/// <param name="Status">One of <see cref="OrderStatus"/>.</param>
/// <param name="Reason">Why it was rejected, one of <see cref="RejectionReason"/>, or null.</param>
/// <param name="CreatedAt">When it was placed.</param>
/// <param name="UpdatedAt">When it came to its status.</param>
internal sealed record Order(
    long Number, string OrderId, string UserId, string? Customer, IReadOnlyList<OrderLine> Items, decimal Total,
    string Status, string? Reason, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
