using System.Text.Json.Nodes;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Durability;

/// <summary>Checks a shop's books after whatever happened to it: nothing is lost, nothing is counted twice.</summary>
internal static class ShopBooks
{
    private static readonly Dictionary<string, int> Opening = new(StringComparer.Ordinal) { ["PROD-001"] = 100, ["PROD-002"] = 50, ["PROD-003"] = 200 };

    /// <summary>Waits until every order is final and every e-mail is sent, and checks that everything adds up.</summary>
    public static async Task BalanceAsync(HttpClient http, IReadOnlyCollection<string> accepted)
    {
        var orders = await Eventually.SeeAsync("every order to be final", () => http.ListAsync("/orders?limit=10000"),
            orders => !accepted.Except(Ids(orders)).Any() && orders.All(order => ShopRequests.IsFinal(order!)), orders => Describe(orders, accepted));
        Assert.Equal(orders.Count, Ids(orders).Distinct().Count());
        await BalanceStockAsync(http, orders);
        await BalanceEmailsAsync(http, orders);
        var created = await CountAsync(http, "order.created");
        Assert.Equal(orders.Count, created);
    }

    private static async Task BalanceStockAsync(HttpClient http, JsonArray orders)
    {
        var sold = orders.Where(order => (string)order!["status"]! == "paid").SelectMany(order => order!["items"]!.AsArray())
            .GroupBy(item => (string)item!["productId"]!).ToDictionary(group => group.Key, group => group.Sum(item => (int)item!["quantity"]!));
        var expected = Opening.Select(product => (product.Key, product.Value - sold.GetValueOrDefault(product.Key), sold.GetValueOrDefault(product.Key)));
        // A declined order is final a moment before its stock is back.
        var stock = await Eventually.SeeAsync("the stock to add up", () => http.ListAsync("/inventory"),
            stock => Levels(stock).SequenceEqual(expected), stock => $"{stock.ToJsonString()}, expected {string.Join(' ', expected)}");
        Assert.Equal(expected, Levels(stock));
    }

    private static async Task BalanceEmailsAsync(HttpClient http, JsonArray orders)
    {
        var expected = orders.Select(order => $"order-{(string)order!["status"]!} {(string)order["orderId"]!}").Order(StringComparer.Ordinal).ToArray();
        var emails = await Eventually.SeeAsync("every e-mail", () => http.ListAsync("/emails?limit=10000"),
            emails => emails.Count >= expected.Length, emails => $"{emails.Count} of {expected.Length}");
        Assert.Equal(expected, emails.Select(email => $"{(string)email!["kind"]!} {(string)email["reference"]!}").Order(StringComparer.Ordinal));
    }

    private static async Task<int> CountAsync(HttpClient http, string type)
    {
        var (count, after) = (0, 0L);
        while (true)
        {
            var page = await http.ListAsync($"/events?type={type}&after={after}");
            if (page.Count == 0)
                return count;
            count += page.Count;
            after = (long)page[^1]!["position"]!;
        }
    }

    private static IEnumerable<(string, int, int)> Levels(JsonArray stock) =>
        stock.Select(product => ((string)product!["productId"]!, (int)product["available"]!, (int)product["reserved"]!));

    private static IEnumerable<string> Ids(JsonArray orders) => orders.Select(order => (string)order!["orderId"]!);

    private static string Describe(JsonArray orders, IReadOnlyCollection<string> accepted)
    {
        var open = orders.Where(order => !ShopRequests.IsFinal(order!)).ToArray();
        return $"{orders.Count} orders, of {accepted.Count} accepted ones {accepted.Except(Ids(orders)).Count()} are lost, "
            + $"{open.Length} are not final, such as {open.FirstOrDefault()?.ToJsonString()}";
    }
}
