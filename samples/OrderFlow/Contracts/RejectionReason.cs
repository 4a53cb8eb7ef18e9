namespace OrderFlow.Contracts;

/// <summary>Why an order was rejected.</summary>
public static class RejectionReason
{
    /// <summary>The shop has no such product.</summary>
    public const string ProductNotFound = "product_not_found";

    /// <summary>There is not enough of a product.</summary>
    public const string InsufficientStock = "insufficient_stock";

    /// <summary>The bank said no.</summary>
    public const string PaymentDeclined = "payment_declined";
}
