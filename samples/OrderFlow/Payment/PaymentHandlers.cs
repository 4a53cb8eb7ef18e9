using System.Data.Common;
using Carillon;
using OrderFlow.Contracts;

namespace OrderFlow.Payment;

/// <summary>
/// Notes what every order costs, and collects it when the stock is reserved. Both events carry the order's id as their key, so the
/// note is always there in time.
/// </summary>
internal sealed class PaymentHandlers(Ledger ledger)
{
    [Handler]
    public Task On(OrderCreated order, DbTransaction transaction, CancellationToken cancellation) =>
        ledger.NoteAsync(order.OrderId, order.Total, transaction, cancellation);

    [Handler]
    public async Task<IPaymentDecision?> On(InventoryUpdated inventory, DbTransaction transaction, CancellationToken cancellation) =>
        inventory.Change == StockChange.Reserved ? await ledger.CollectAsync(inventory.OrderId, transaction, cancellation) : null;
}
