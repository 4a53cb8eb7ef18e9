using Carillon;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderFlow.Contracts;
using OrderFlow.Web;

namespace OrderFlow.Orders;

/// <summary><c>POST /orders</c>, <c>GET /orders</c>, <c>GET /orders/{id}</c>.</summary>
internal static class OrderEndpoints
{
    /// <summary>Where orders are placed: only in the process that runs the orders service.</summary>
    public static void MapOrderPlacing(this IEndpointRouteBuilder routes) => routes.MapPost("/orders", PlaceAsync);

    /// <summary>Where orders are read.</summary>
    public static void MapOrders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/orders", (HttpRequest request, OrderBook orders, CancellationToken cancellation) =>
            PageQuery.From(request).ReadAsync(orders.ListAsync, cancellation));
        routes.MapGet("/orders/{orderId}", FindAsync);
    }

    // The event is the order: once it is published, which means stored and flushed, nothing can lose it, and only then is it accepted.
    private static async Task<IResult> PlaceAsync(
        HttpRequest http, [FromKeyedServices("orders")] IEventBus bus, TimeProvider time, CancellationToken cancellation)
    {
        var (request, refusal) = await JsonBody.ReadAsync(http, ShopJson.Default.PlaceOrder, cancellation);
        if (request is null)
            return refusal!;
        var mistakes = new Mistakes();
        if (PlaceOrderRules.Accept(request, Guid.CreateVersion7(time.GetUtcNow()).ToString(), mistakes) is not { } order)
            return mistakes.ToProblem();
        await bus.PublishAsync(order, cancellation);
        return TypedResults.Accepted($"/orders/{order.OrderId}", new OrderAccepted(order.OrderId, OrderStatus.Pending, order.Total));
    }

    // An order may be accepted a moment before its handler writes it into the book; then the log, which has it for certain, answers.
    private static async Task<Results<Ok<Order>, ProblemHttpResult>> FindAsync(
        string orderId, OrderBook orders, EventHistory history, CancellationToken cancellation)
    {
        var order = await orders.FindAsync(orderId, cancellation) ?? await FindAcceptedAsync(orderId, history, cancellation);
        return order is null
            ? TypedResults.Problem($"There is no order \"{orderId}\".", statusCode: StatusCodes.Status404NotFound, title: "Not found")
            : TypedResults.Ok(order);
    }

    private static async Task<Order?> FindAcceptedAsync(string orderId, EventHistory history, CancellationToken cancellation) =>
        await history.FindAsync("order.created", orderId, ShopJson.Default.OrderCreated, cancellation) is var (order, at)
            ? new Order(0, order.OrderId, order.UserId, null, order.Items, order.Total, OrderStatus.Pending, null, at, at)
            : null;
}
