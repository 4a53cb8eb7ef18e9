using System.Data.Common;
using Carillon;
using OrderFlow.Contracts;

namespace OrderFlow.Orders;

/// <summary>Keeps the orders, built from events alone: an order that was accepted cannot be lost.</summary>
internal sealed class OrderHandlers(OrderBook orders, Profiles profiles)
{
    [Handler]
    public Task On(OrderCreated order, EventContext context, DbTransaction transaction, CancellationToken cancellation) =>
        orders.AddAsync(order, context.Time, transaction, cancellation);

    [Handler]
    public async Task<OrderStatusUpdated?> On(InventoryUpdated inventory, EventContext context, DbTransaction transaction, CancellationToken cancellation) =>
        inventory.Change == StockChange.Reserved
            ? await orders.MoveAsync(inventory.OrderId, OrderStatus.Reserved, reason: null, context.Time, transaction, cancellation)
            : null;

    [Handler]
    public Task<OrderStatusUpdated> On(InventoryCheckFailed check, EventContext context, DbTransaction transaction, CancellationToken cancellation) =>
        orders.MoveAsync(check.OrderId, OrderStatus.Rejected, check.Reason, context.Time, transaction, cancellation);

    [Handler]
    public Task<OrderStatusUpdated> On(PaymentProcessed payment, EventContext context, DbTransaction transaction, CancellationToken cancellation) =>
        orders.MoveAsync(payment.OrderId, OrderStatus.Paid, reason: null, context.Time, transaction, cancellation);

    [Handler]
    public Task<OrderStatusUpdated> On(PaymentFailed payment, EventContext context, DbTransaction transaction, CancellationToken cancellation) =>
        orders.MoveAsync(payment.OrderId, OrderStatus.Rejected, payment.Reason, context.Time, transaction, cancellation);

    [Handler]
    public Task On(UserRegistered user, DbTransaction transaction, CancellationToken cancellation) =>
        profiles.AddAsync(user.UserId, user.Name, transaction, cancellation);
}
