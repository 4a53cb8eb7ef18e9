using System.Net;
using System.Text.Json.Nodes;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Http;

public sealed class EventEndpointsTests(OpenShop shop) : IClassFixture<OpenShop>
{
    [Fact]
    public async Task GetEvents_ShouldTellTheStoryInOrder_WhenOrderWasPaid()
    {
        var orderId = await shop.Http.PlaceOrderAsync("PROD-001", 1);
        await shop.Http.SeeFinalAsync(orderId);
        var story = await Eventually.SeeAsync("five events", () => shop.Http.ListAsync($"/events?key={orderId}"), story => story.Count == 5);
        var types = story.Select(seen => (string)seen!["type"]!).ToArray();
        Assert.Equal("order.created", types[0]);
        Assert.True(Array.IndexOf(types, "inventory.updated") < Array.IndexOf(types, "payment.processed"));
        Assert.Equal(["reserved", "paid"],
            story.Where(seen => (string)seen!["type"]! == "order.status.updated").Select(seen => (string)seen!["data"]!["status"]!));
        Assert.Single(story.Select(seen => (string)seen!["correlationId"]!).Distinct());
        Assert.Equal((string)story[0]!["id"]!, (string)story.First(seen => (string)seen!["type"]! == "inventory.updated")!["causationId"]!);
    }

    [Fact]
    public async Task GetEvents_ShouldFilterByTypeAndTime_WhenAsked()
    {
        var first = await shop.Http.PlaceOrderAsync("PROD-999", 1);
        await shop.Http.SeeFinalAsync(first);
        var all = await shop.Http.ListAsync("/events?type=order.created");
        Assert.All(all, seen => Assert.Equal("order.created", (string)seen!["type"]!));
        var last = all[^1]!;
        Assert.Equal(first, (string)last["key"]!);

        Assert.Empty(await shop.Http.ListAsync("/events?type=order.created&since=2999-01-01T00:00:00Z"));
        Assert.Empty(await shop.Http.ListAsync("/events?type=no.such.event"));
        Assert.Equal(all.Count, (await shop.Http.ListAsync("/events?type=order.created&since=2001-01-01T02:00:00+02:00")).Count);
        Assert.NotEmpty(await shop.Http.ListAsync("/events?type=&since="));
        Assert.Single(await shop.Http.ListAsync($"/events?type=order.created&after={(long)last["position"]! - 1}"));
        Assert.Single(await shop.Http.ListAsync("/events?limit=1"));
    }

    [Theory]
    [InlineData("since=yesterday", "since")]
    [InlineData("limit=1001", "limit")]
    [InlineData("after=x", "after")]
    public async Task GetEvents_ShouldAnswer400_WhenQueryIsWrong(string query, string named)
    {
        var (status, problem) = await shop.Http.TryGetAsync($"/events?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(named, (string)problem!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetEventStream_ShouldDeliverEvents_WhenTheyHappen()
    {
        using var stream = await EventStream.OpenAsync(shop.Http);
        Assert.Equal("text/event-stream", stream.ContentType);
        var orderId = await shop.Http.PlaceOrderAsync("PROD-003", 1);
        var seen = await stream.ReadUntilAsync(seen => (string?)seen["key"] == orderId && (string)seen["type"]! == "order.status.updated"
            && (string)seen["data"]!["status"]! == "paid");
        Assert.Equal(orderId, (string)seen["data"]!["orderId"]!);
    }

    [Fact]
    public async Task GetEventStream_ShouldGoOnWhereItWas_WhenTheBrowserComesBack()
    {
        var orderId = await shop.Http.PlaceOrderAsync("PROD-003", 1);
        await shop.Http.SeeFinalAsync(orderId);
        var position = (long)(await shop.Http.ListAsync($"/events?key={orderId}&type=order.created"))[0]!["position"]!;
        using var stream = await EventStream.OpenAsync(shop.Http, lastEventId: position - 1);
        JsonNode first = await stream.ReadUntilAsync(_ => true);
        Assert.Equal(position, (long)first["position"]!);
    }
}
