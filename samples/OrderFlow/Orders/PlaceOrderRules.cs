using OrderFlow.Contracts;
using OrderFlow.Web;

namespace OrderFlow.Orders;

/// <summary>What an order must look like to be accepted. Whether the shop can serve it is decided later, by inventory and payment.</summary>
internal static class PlaceOrderRules
{
    private const int MaxItems = 100;
    private const int MaxQuantity = 1_000_000;
    private const decimal MaxPrice = 1_000_000m;

    /// <summary>Turns the request into an order, or collects everything that is wrong with it.</summary>
    public static OrderCreated? Accept(PlaceOrder request, string orderId, Mistakes mistakes)
    {
        mistakes.CheckText("userId", request.UserId);
        if (request.Items is not { Count: > 0 and <= MaxItems } items)
        {
            mistakes.Add("items", $"must hold 1 to {MaxItems} items");
            return null;
        }

        var lines = new List<OrderLine>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (Accept(items[i], $"items[{i}]", mistakes) is { } line)
                lines.Add(line);
        }

        return mistakes.Any ? null : new OrderCreated(orderId, request.UserId!, lines, lines.Sum(line => line.Quantity * line.Price));
    }

    private static OrderLine? Accept(PlaceOrderItem? item, string path, Mistakes mistakes)
    {
        if (item is null)
        {
            mistakes.Add(path, "must not be null");
            return null;
        }

        mistakes.CheckText($"{path}.productId", item.ProductId);
        if (item.Quantity is not (> 0 and <= MaxQuantity))
            mistakes.Add($"{path}.quantity", "must be a whole number from 1 to 1,000,000");
        if (item.Price is not (> 0 and <= MaxPrice) || decimal.Round(item.Price.Value, 2) != item.Price)
            mistakes.Add($"{path}.price", "must be an amount from 0.01 to 1,000,000 with at most two decimals");
        return mistakes.Any ? null : new OrderLine(item.ProductId!, item.Quantity!.Value, item.Price!.Value);
    }
}
