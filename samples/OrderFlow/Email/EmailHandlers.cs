using System.Data.Common;
using System.Globalization;
using Carillon;
using OrderFlow.Contracts;

namespace OrderFlow.Email;

/// <summary>Welcomes new users, and tells customers how their order ended.</summary>
internal sealed class EmailHandlers(Mailbox mailbox)
{
    [Handler]
    public async Task On(UserRegistered user, EventContext context, DbTransaction transaction, CancellationToken cancellation)
    {
        await mailbox.RememberAsync(user.UserId, user.Email, transaction, cancellation);
        await mailbox.SendAsync(
            new Letter("welcome", user.UserId, user.UserId, $"Welcome, {user.Name}!", "Your account is ready.", context.Time), transaction, cancellation);
    }

    [Handler]
    public async Task On(OrderStatusUpdated order, EventContext context, DbTransaction transaction, CancellationToken cancellation)
    {
        if (Write(order) is var (kind, subject, text))
            await mailbox.SendAsync(new Letter(kind, order.OrderId, order.UserId, subject, text, context.Time), transaction, cancellation);
    }

    private static (string Kind, string Subject, string Text)? Write(OrderStatusUpdated order) => order.Status switch
    {
        OrderStatus.Paid => ("order-paid", "Your order is on its way",
            string.Create(CultureInfo.InvariantCulture, $"We received {order.Total:0.00} for order {order.OrderId}. Thank you!")),
        OrderStatus.Rejected => ("order-rejected", "We could not accept your order",
            $"Order {order.OrderId} was rejected: {order.Reason}. Nothing was charged."),
        _ => null,
    };
}
