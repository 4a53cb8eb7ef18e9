using System.Net;
using OrderFlow.Tests.Running;

namespace OrderFlow.Tests.Http;

public sealed class UserEndpointsTests(OpenShop shop) : IClassFixture<OpenShop>
{
    [Fact]
    public async Task PostUsers_ShouldCreateProfileAndSendWelcome_WhenUserIsGood()
    {
        var (status, accepted) = await shop.Http.PostAsync("/users", """{ "name": "Grace", "email": "grace@example.com" }""");
        Assert.Equal(HttpStatusCode.Accepted, status);
        var userId = (string)accepted!["userId"]!;

        var emails = await Eventually.SeeAsync("the welcome e-mail", () => shop.Http.ListAsync("/emails"),
            emails => emails.Any(email => (string)email!["reference"]! == userId), emails => emails.ToJsonString());
        var welcome = emails.Single(email => (string)email!["reference"]! == userId)!;
        Assert.Equal(("welcome", "grace@example.com", "Welcome, Grace!"),
            ((string)welcome["kind"]!, (string)welcome["to"]!, (string)welcome["subject"]!));

        await Eventually.SeeAsync("the account", () => shop.Http.ListAsync("/users"),
            users => users.Any(user => (string)user!["userId"]! == userId), users => users.ToJsonString());

        var orderId = await shop.Http.PlaceOrderAsync("PROD-003", 1, userId: userId);
        await shop.Http.SeeFinalAsync(orderId);
        var order = await Eventually.SeeAsync("the customer's name on the order", async () => (await shop.Http.TryGetAsync($"/orders/{orderId}")).Body!,
            order => (string?)order["customer"] == "Grace", order => order.ToJsonString());
        Assert.Equal(userId, (string)order["userId"]!);
        await Eventually.SeeAsync("the order's e-mail", () => shop.Http.ListAsync("/emails"),
            emails => emails.Any(email => (string)email!["reference"]! == orderId && (string)email["to"]! == "grace@example.com"),
            emails => emails.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "email": "grace@example.com" }""", "name")]
    [InlineData("""{ "name": "", "email": "grace@example.com" }""", "name")]
    [InlineData("""{ "name": "Grace" }""", "email")]
    [InlineData("""{ "name": "Grace", "email": "nowhere" }""", "email")]
    [InlineData("""{ "name": "Grace", "email": "Grace <grace@example.com>" }""", "email")]
    [InlineData("""{ "name": "Grace", "email": "grace@example.com\r\nBcc: all@example.com" }""", "email")]
    public async Task PostUsers_ShouldNameTheMistake_WhenUserIsNotValid(string json, string named)
    {
        var (status, problem) = await shop.Http.PostAsync("/users", json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains($"{named} must", (string)problem!["detail"]!, StringComparison.Ordinal);
    }
}
