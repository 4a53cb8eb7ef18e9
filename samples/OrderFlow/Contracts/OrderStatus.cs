namespace OrderFlow.Contracts;

/// <summary>Where an order stands: <c>pending</c>, then <c>reserved</c>, then <c>paid</c>; or <c>rejected</c> from either of the first two.</summary>
public static class OrderStatus
{
    /// <summary>Accepted, nothing else happened yet.</summary>
    public const string Pending = "pending";

    /// <summary>Stock is reserved, payment is under way.</summary>
    public const string Reserved = "reserved";

    /// <summary>Paid. Final.</summary>
    public const string Paid = "paid";

    /// <summary>Rejected for one of <see cref="RejectionReason"/>. Final.</summary>
    public const string Rejected = "rejected";
}
