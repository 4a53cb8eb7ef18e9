namespace Carillon.Sqlite.Tests.Durability;

[Event("money.received")]
internal sealed record MoneyReceived([property: Key] string Account, int Amount);

[Event("receipt.sent")]
internal sealed record ReceiptSent([property: Key] string Account, int Amount);

[Command("money.refund")]
internal sealed record RefundMoney([property: Key] string Account, int Amount);
