using System.Net;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Durability;

/// <summary>A customer who keeps ordering, and remembers which orders the shop has accepted. What it orders follows from a seed.</summary>
internal sealed class ShopCustomer(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The orders for which the shop answered 202.</summary>
    public List<string> Accepted { get; } = [];

    /// <summary>Orders once. A shop that dies meanwhile is no mistake: then nobody knows whether the order counts.</summary>
    /// <returns>Whether the shop answered.</returns>
    public async Task<bool> OrderAsync(HttpClient http)
    {
        var (productId, quantity, price) = Choose();
        try
        {
            var (status, body) = await http.PostAsync("/orders", ShopRequests.OrderJson(productId, quantity, price));
            Assert.Equal(HttpStatusCode.Accepted, status);
            Accepted.Add((string)body!["orderId"]!);
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
