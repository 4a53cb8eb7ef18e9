using System.Net;
using System.Text;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Http;

public sealed class OrderEndpointsTests(OpenShop shop) : IClassFixture<OpenShop>
{
    [Fact]
    public async Task PostOrders_ShouldAcceptAndComeToPaid_WhenOrderIsGood()
    {
        var (status, accepted) = await shop.Http.PostAsync("/orders", """
            { "userId": "ada", "unknown": { "is": "fine" },
              "items": [ { "productId": "PROD-001", "quantity": 2, "price": 999.50 }, { "productId": "PROD-003", "quantity": 1, "price": 249 } ] }
            """);
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("pending", (string)accepted!["status"]!);
        Assert.Equal(2248.00m, (decimal)accepted["total"]!);

        var order = await shop.Http.SeeFinalAsync((string)accepted["orderId"]!);
        Assert.Equal("paid", (string)order["status"]!);
        Assert.Equal("ada", (string)order["userId"]!);
        Assert.Equal(2248.00m, (decimal)order["total"]!);
        Assert.Equal(2, order["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task GetOrder_ShouldKnowTheOrder_WhenAskedRightAfterItWasAccepted()
    {
        for (var i = 0; i < 20; i++)
        {
            var orderId = await shop.Http.PlaceOrderAsync("PROD-003", 1);
            var (status, order) = await shop.Http.TryGetAsync($"/orders/{orderId}");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(orderId, (string)order!["orderId"]!);
        }
    }

    [Theory]
    [InlineData("PROD-002", 51, "insufficient_stock")]
    [InlineData("PROD-999", 1, "product_not_found")]
    public async Task PostOrders_ShouldEndRejected_WhenStockCannotServeTheOrder(string productId, int quantity, string reason)
    {
        var order = await shop.Http.SeeFinalAsync(await shop.Http.PlaceOrderAsync(productId, quantity));
        Assert.Equal("rejected", (string)order["status"]!);
        Assert.Equal(reason, (string)order["reason"]!);
    }

    [Fact]
    public async Task PostOrders_ShouldCountProductTwice_WhenTwoLinesNameIt()
    {
        var line = """{ "productId": "PROD-002", "quantity": 30, "price": 1 }""";
        var (_, accepted) = await shop.Http.PostAsync("/orders", $$"""{ "userId": "ada", "items": [ {{line}}, {{line}} ] }""");
        var order = await shop.Http.SeeFinalAsync((string)accepted!["orderId"]!);
        Assert.Equal("insufficient_stock", (string)order["reason"]!);
    }

    [Fact]
    public async Task PostOrders_ShouldGiveStockBack_WhenPaymentFails()
    {
        var orderId = await shop.Http.PlaceOrderAsync("PROD-002", 5, price: 50_000.01m);
        var order = await shop.Http.SeeFinalAsync(orderId);
        Assert.Equal("payment_declined", (string)order["reason"]!);
        var events = await Eventually.SeeAsync("the stock to come back", () => shop.Http.ListAsync($"/events?key={orderId}&type=inventory.updated"),
            events => events.Count == 2, events => events.ToJsonString());
        Assert.Equal(["reserved", "released"], events.Select(seen => (string)seen!["data"]!["change"]!));
        var product = (await shop.Http.ListAsync("/inventory")).Single(product => (string)product!["productId"]! == "PROD-002")!;
        Assert.Equal((50, 0), ((int)product["available"]!, (int)product["reserved"]!));
    }

    [Fact]
    public async Task GetOrders_ShouldListNewestFirst_WhenSeveralWerePlaced()
    {
        var first = await shop.Http.PlaceOrderAsync("PROD-003", 1);
        await shop.Http.SeeFinalAsync(first);
        var second = await shop.Http.PlaceOrderAsync("PROD-003", 1);
        await shop.Http.SeeFinalAsync(second);
        var ids = (await shop.Http.ListAsync("/orders")).Select(order => (string)order!["orderId"]!).ToList();
        Assert.True(ids.IndexOf(second) < ids.IndexOf(first));
        Assert.Equal([ids[0]], (await shop.Http.ListAsync("/orders?limit=1")).Select(order => (string)order!["orderId"]!));
    }

    [Fact]
    public async Task GetOrder_ShouldAnswer404_WhenNobodyPlacedIt()
    {
        var (status, problem) = await shop.Http.TryGetAsync("/orders/nothing");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("There is no order \"nothing\".", (string)problem!["detail"]!);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=abc", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("before=-1", "before")]
    public async Task GetOrders_ShouldAnswer400_WhenQueryIsWrong(string query, string named)
    {
        var (status, problem) = await shop.Http.TryGetAsync($"/orders?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(named, (string)problem!["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "items": [ { "productId": "PROD-001", "quantity": 1, "price": 1 } ] }""", "userId")]
    [InlineData("""{ "userId": "  ", "items": [ { "productId": "PROD-001", "quantity": 1, "price": 1 } ] }""", "userId")]
    [InlineData("""{ "userId": "a\u0000b", "items": [ { "productId": "PROD-001", "quantity": 1, "price": 1 } ] }""", "userId")]
    [InlineData("""{ "userId": "ada" }""", "items")]
    [InlineData("""{ "userId": "ada", "items": [] }""", "items")]
    [InlineData("""{ "userId": "ada", "items": null }""", "items")]
    [InlineData("""{ "userId": "ada", "items": [ null ] }""", "items[0]")]
    [InlineData("""{ "userId": "ada", "items": [ {} ] }""", "items[0].productId")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": 0, "price": 1 } ] }""", "items[0].quantity")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": -1, "price": 1 } ] }""", "items[0].quantity")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": 1000001, "price": 1 } ] }""", "items[0].quantity")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": 1 } ] }""", "items[0].price")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": 1, "price": 0 } ] }""", "items[0].price")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": 1, "price": -5 } ] }""", "items[0].price")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": 1, "price": 0.001 } ] }""", "items[0].price")]
    [InlineData("{}", "userId")]
    public async Task PostOrders_ShouldNameTheMistake_WhenOrderIsNotValid(string json, string named)
    {
        var (status, problem) = await shop.Http.PostAsync("/orders", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"{named} must", (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.NotNull(problem["errors"]![named]);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("null", "null")]
    [InlineData("[]", "JSON")]
    [InlineData("\"order\"", "JSON")]
    [InlineData("""{ "userId": "ada", "items": [ {""", "JSON")]
    [InlineData("""{ "userId": "ada", "items": [] } trailing""", "JSON")]
    [InlineData("""{ "userId": "ada", "userId": "eve", "items": [] }""", "read")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": 1.5, "price": 1 } ] }""", "$.items[0].quantity")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": "1", "price": 1 } ] }""", "$.items[0].quantity")]
    [InlineData("""{ "userId": "ada", "items": [ { "productId": "PROD-001", "quantity": 1, "price": 1e400 } ] }""", "$.items[0].price")]
    [InlineData("""{ "userId": "\ud800", "items": [] }""", "$.userId")]
    public async Task PostOrders_ShouldSayWhere_WhenJsonCannotBeRead(string json, string said)
    {
        var (status, problem) = await shop.Http.PostAsync("/orders", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(said, (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostOrders_ShouldAnswer400_WhenJsonIsNestedTwentyThousandDeep()
    {
        var deep = $$"""{ "userId": "ada", "extra": {{new string('[', 20_000)}}{{new string(']', 20_000)}} }""";
        var (status, problem) = await shop.Http.PostAsync("/orders", deep);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("nested too deeply", (string)problem!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostOrders_ShouldAnswer400_WhenBodyIsTooLarge()
    {
        var large = $$"""{ "userId": "ada", "extra": "{{new string('x', 2 * 1024 * 1024)}}" }""";
        var (status, problem) = await shop.Http.PostAsync("/orders", large);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("larger than", (string)problem!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostOrders_ShouldAnswer400_WhenBodyIsNotUtf8()
    {
        var (status, _) = await shop.Http.PostAsync("/orders", [.. "{ \"userId\": \""u8, 0xC3, 0x28, .. "\", \"items\": [] }"u8]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task PostOrders_ShouldAnswer415_WhenContentTypeIsNotJson(string contentType)
    {
        var (status, problem) = await shop.Http.PostAsync("/orders", Encoding.UTF8.GetBytes(ShopRequests.OrderJson("PROD-001", 1)), contentType);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("application/json", (string)problem!["detail"]!, StringComparison.Ordinal);
    }
}
