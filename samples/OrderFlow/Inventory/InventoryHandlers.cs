using System.Data.Common;
using Carillon;
using OrderFlow.Contracts;

namespace OrderFlow.Inventory;

/// <summary>Reserves stock for new orders, and takes it back when an order is not paid.</summary>
internal sealed class InventoryHandlers(Stock stock)
{
    [Handler]
    public Task<IStockDecision> On(OrderCreated order, DbTransaction transaction, CancellationToken cancellation) => stock.ReserveAsync(order, transaction, cancellation);

    [Handler]
    public Task<InventoryUpdated> On(PaymentFailed payment, DbTransaction transaction, CancellationToken cancellation) =>
        stock.ReleaseAsync(payment.OrderId, transaction, cancellation);
}
