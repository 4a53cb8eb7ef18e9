using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderFlow.Tests.Running;

/// <summary>What customers ask of the shop, by its published JSON alone.</summary>
internal static class ShopRequests
{
    private const int LargeBytes = 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Posts a body as it is.</summary>
    public static async Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(
        this HttpClient http, string path, byte[] body, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = content };

        // Like any good client, ask before sending much: a body that is refused may otherwise be cut off half-way.
        request.Headers.ExpectContinue = body.Length > LargeBytes;
        using var response = await http.SendAsync(request, Cancellation);
        return (response.StatusCode, Parse(await response.Content.ReadAsStringAsync(Cancellation)));
    }

    /// <summary>Posts JSON.</summary>
    public static Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(this HttpClient http, string path, string json) =>
        http.PostAsync(path, Encoding.UTF8.GetBytes(json));

    /// <summary>Gets JSON.</summary>
    public static async Task<(HttpStatusCode Status, JsonNode? Body)> TryGetAsync(this HttpClient http, string path)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return (response.StatusCode, Parse(await response.Content.ReadAsStringAsync(Cancellation)));
    }

    /// <summary>Gets a JSON array.</summary>
    public static async Task<JsonArray> ListAsync(this HttpClient http, string path)
    {
        var (status, body) = await http.TryGetAsync(path);
        Assert.Equal(HttpStatusCode.OK, status);
        return Assert.IsType<JsonArray>(body);
    }

    /// <summary>Places an order of one product and returns its id.</summary>
    public static async Task<string> PlaceOrderAsync(this HttpClient http, string productId, int quantity, decimal price = 10m, string userId = "user-1")
    {
        var (status, body) = await http.PostAsync("/orders", OrderJson(productId, quantity, price, userId));
        Assert.Equal(HttpStatusCode.Accepted, status);
        return (string)body!["orderId"]!;
    }

    /// <summary>Waits until an order has its final status.</summary>
    public static Task<JsonNode> SeeFinalAsync(this HttpClient http, string orderId) => Eventually.SeeAsync(
        $"the final status of order {orderId}",
        async () =>
        {
            var (status, order) = await http.TryGetAsync($"/orders/{orderId}");
            Assert.Equal(HttpStatusCode.OK, status);
            return order!;
        },
        order => IsFinal(order), order => order.ToJsonString());

    /// <summary>Whether an order has its final status.</summary>
    public static bool IsFinal(JsonNode order) => (string)order["status"]! is "paid" or "rejected";

    /// <summary>An order of one product.</summary>
    public static string OrderJson(string productId, int quantity, decimal price = 10m, string userId = "user-1") => new JsonObject
    {
        ["userId"] = userId,
        ["items"] = new JsonArray(new JsonObject { ["productId"] = productId, ["quantity"] = quantity, ["price"] = price }),
    }.ToJsonString();

    private static JsonNode? Parse(string body) => body.Length == 0 ? null : JsonNode.Parse(body);
}
