using System.Collections.Concurrent;
using System.Net;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Durability;

/// <summary>A customer who keeps ordering, and remembers which orders the shop has accepted. What it orders follows from a seed.</summary>
internal sealed class ShopCustomer(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The orders for which the shop answered 202.</summary>
    public ConcurrentQueue<string> Accepted { get; } = [];

    /// <summary>Places several orders at once. When a few are answered, something may happen to the shop.</summary>
    /// <returns>Whether the shop answered every order.</returns>
    public async Task<bool> OrderAsync(HttpClient http, int count, int answered = 0, Func<Task>? meanwhile = null)
    {
        var orders = Enumerable.Range(0, count).Select(_ => OrderAsync(http, Choose())).ToList();
        for (var i = 0; i < answered; i++)
            await Task.WhenAny(orders.Where(order => !order.IsCompleted).DefaultIfEmpty(orders[0]));
        if (meanwhile is not null)
            await meanwhile();
        return (await Task.WhenAll(orders)).All(isAnswered => isAnswered);
    }

    // A shop that dies meanwhile is no mistake: then nobody knows whether the order counts.
    private async Task<bool> OrderAsync(HttpClient http, (string ProductId, int Quantity, decimal Price) order)
    {
        try
        {
            var (status, body) = await http.PostAsync("/orders", ShopRequests.OrderJson(order.ProductId, order.Quantity, order.Price));
            Assert.Equal(HttpStatusCode.Accepted, status);
            Accepted.Enqueue((string)body!["orderId"]!);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private (string ProductId, int Quantity, decimal Price) Choose() => _random.Next(10) switch
    {
        0 => ("PROD-999", 1, 10m),
        1 => ("PROD-001", 1_000, 10m),
        2 => ("PROD-003", 2, 200_000m),
        3 or 4 => ("PROD-002", _random.Next(1, 4), 1_999m),
        5 or 6 => ("PROD-001", _random.Next(1, 3), 999m),
        _ => ("PROD-003", _random.Next(1, 3), 249m),
    };
}
