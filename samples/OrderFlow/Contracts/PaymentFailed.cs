using Carillon;

namespace OrderFlow.Contracts;

/// <summary>An order could not be paid. Published by payment; inventory then gives the stock back.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Amount">What was to be paid.</param>
/// <param name="Reason"><see cref="RejectionReason.PaymentDeclined"/>.</param>
[Event("payment.failed")]
public sealed record PaymentFailed([property: Key] string OrderId, decimal Amount, string Reason) : IPaymentDecision;
