using System.Text.Json.Serialization.Metadata;
using OrderFlow.Email;
using OrderFlow.Inventory;
using OrderFlow.Orders;
using OrderFlow.Users;
using OrderFlow.Web;

namespace OrderFlow.Tour;

/// <summary>The shop as its customers see it: over HTTP.</summary>
internal sealed class ShopClient(HttpClient http)
{
    public async Task<OrderAccepted> PlaceAsync(PlaceOrder order) =>
        await PostAsync("/orders", order, ShopJson.Default.PlaceOrder, ShopJson.Default.OrderAccepted);

    public async Task<UserAccepted> RegisterAsync(RegisterUser user) =>
        await PostAsync("/users", user, ShopJson.Default.RegisterUser, ShopJson.Default.UserAccepted);

    public Task<Order> FindOrderAsync(string orderId) => GetAsync($"/orders/{orderId}", ShopJson.Default.Order);

    public Task<IReadOnlyList<Product>> ListStockAsync() => GetAsync("/inventory", ShopJson.Default.IReadOnlyListProduct);

    public Task<IReadOnlyList<SentEmail>> ListEmailsAsync() => GetAsync("/emails", ShopJson.Default.IReadOnlyListSentEmail);

    public Task<IReadOnlyList<EventView>> ListEventsAsync(string query = "") => GetAsync($"/events{query}", ShopJson.Default.IReadOnlyListEventView);

    private async Task<TResult> GetAsync<TResult>(string path, JsonTypeInfo<TResult> type)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response, type);
    }

    private async Task<TResult> PostAsync<TBody, TResult>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TResult> type)
    {
        using var response = await http.PostAsJsonAsync(path, body, bodyType);
        return await ReadAsync(response, type);
    }

    private static async Task<TResult> ReadAsync<TResult>(HttpResponseMessage response, JsonTypeInfo<TResult> type)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                $"{response.RequestMessage!.RequestUri!.PathAndQuery} answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }

        return await response.Content.ReadFromJsonAsync(type)
            ?? throw new HttpRequestException($"{response.RequestMessage!.RequestUri!.PathAndQuery} answered nothing.");
    }
}
