using System.Data.Common;
using System.Globalization;
using OrderFlow.Contracts;
using OrderFlow.Storage;

namespace OrderFlow.Payment;

/// <summary>What orders cost, and what the bank said.</summary>
internal sealed class Ledger
{
    /// <summary>The bank's rule, so that a failing payment can be tried at will: it declines everything above this amount.</summary>
    public const decimal Limit = 250_000m;

    /// <summary>The table.</summary>
    public static IReadOnlyList<string> Schema { get; } =
    [
        """
        CREATE TABLE IF NOT EXISTS shop_payments (
            order_id TEXT PRIMARY KEY,
            amount TEXT NOT NULL,
            state TEXT NOT NULL
        )
        """,
    ];

    /// <summary>Notes what an order costs.</summary>
    public Task NoteAsync(string orderId, decimal amount, DbTransaction transaction, CancellationToken cancellation) =>
        transaction.ExecuteAsync("INSERT INTO shop_payments (order_id, amount, state) VALUES (@order, @amount, 'due')", cancellation,
            ("order", orderId), ("amount", amount.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Asks the bank for what an order costs.</summary>
    public async Task<IPaymentDecision> CollectAsync(string orderId, DbTransaction transaction, CancellationToken cancellation)
    {
        var noted = await transaction.FirstAsync("SELECT amount FROM shop_payments WHERE order_id = @order", row => row.GetString(0), cancellation, ("order", orderId))
            ?? throw new InvalidOperationException($"Nobody noted what order {orderId} costs.");
        var amount = decimal.Parse(noted, CultureInfo.InvariantCulture);
        IPaymentDecision decision = amount <= Limit
            ? new PaymentProcessed(orderId, amount)
            : new PaymentFailed(orderId, amount, RejectionReason.PaymentDeclined);
        await transaction.ExecuteAsync("UPDATE shop_payments SET state = @state WHERE order_id = @order AND state = 'due'", cancellation,
            ("order", orderId), ("state", decision is PaymentProcessed ? "processed" : "failed"));
        return decision;
    }
}
