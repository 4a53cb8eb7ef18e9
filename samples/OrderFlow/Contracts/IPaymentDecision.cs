using System.Text.Json.Serialization;

namespace OrderFlow.Contracts;

/// <summary>What the bank says to a payment: yes or no.</summary>
[JsonDerivedType(typeof(PaymentProcessed), "processed")]
[JsonDerivedType(typeof(PaymentFailed), "failed")]
public interface IPaymentDecision;
