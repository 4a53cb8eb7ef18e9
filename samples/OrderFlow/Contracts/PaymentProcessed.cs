using Carillon;

namespace OrderFlow.Contracts;

/// <summary>An order is paid. Published by payment.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Amount">What was paid.</param>
[Event("payment.processed")]
public sealed record PaymentProcessed([property: Key] string OrderId, decimal Amount) : IPaymentDecision;
