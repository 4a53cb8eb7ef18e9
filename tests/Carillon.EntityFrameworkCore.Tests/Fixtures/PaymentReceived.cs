namespace Carillon.EntityFrameworkCore.Tests;

/// <summary>What the shop's handlers handle.</summary>
[Event("payment.received")]
public sealed record PaymentReceived([property: Key] string Customer, int Number);
