using Carillon;
using OrderFlow.Contracts;

namespace OrderFlow.Inventory;

/// <summary>Reserves stock for new orders, and takes it back when an order is not paid.</summary>
internal sealed class InventoryHandlers(Stock stock)
{
    [Handler]
    public Task<IStockDecision> On(OrderCreated order, CancellationToken cancellation) => stock.ReserveAsync(order, cancellation);

    [Handler]
    public Task<InventoryUpdated> On(PaymentFailed payment, CancellationToken cancellation) => stock.ReleaseAsync(payment.OrderId, cancellation);
}
