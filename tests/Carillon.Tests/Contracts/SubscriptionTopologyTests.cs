using Carillon.Transports;

namespace Carillon.Tests.Contracts;

public sealed class SubscriptionTopologyTests
{
    private static readonly SubscriptionTopology _orders = new()
    {
        Name = "orders.mail",
        Service = "orders",
        Topics = [TopicPattern.Parse("order.*"), TopicPattern.Parse("user.registered")],
        CommandTopics = ["order.cancel"],
    };

    [Theory]
    [InlineData("order.created", MessageKind.Event, null, true)]
    [InlineData("order.created", MessageKind.Event, "orders", true)]
    [InlineData("order.created", MessageKind.Event, "orders.mail", false)]
    [InlineData("order.created", MessageKind.Event, "stock", false)]
    [InlineData("user.registered", MessageKind.Event, null, true)]
    [InlineData("stock.moved", MessageKind.Event, null, false)]
    [InlineData(null, MessageKind.Event, null, false)]
    [InlineData("order.cancel", MessageKind.Command, null, true)]
    [InlineData("order.cancel", MessageKind.Command, "stock", false)]
    [InlineData("order.created", MessageKind.Command, null, false)]
    public void Accepts_ShouldGoByTopicKindAndDestination_WhenMessageArrives(string? topic, MessageKind kind, string? destination, bool expected) =>
        Assert.Equal(expected, _orders.Accepts(new Envelope { Topic = topic, Kind = kind, Destination = destination }));

    [Theory]
    [InlineData("order.created", MessageKind.Event, "stock", "/services/orders", true)]
    [InlineData("order.cancel", MessageKind.Command, null, "/services/orders", true)]
    [InlineData(null, MessageKind.Event, null, "/services/orders", true)]
    [InlineData("order.created", MessageKind.Event, null, "/services/orders2", false)]
    [InlineData("order.created", MessageKind.Event, null, null, false)]
    public void Accepts_ShouldGoBySourceAlone_WhenTheSubscriptionIsARelays(string? topic, MessageKind kind, string? destination, string? source, bool expected)
    {
        var relay = new SubscriptionTopology { Name = "orders:outbox", Service = "orders", Topics = [], Source = "/services/orders" };

        Assert.Equal(expected, relay.Accepts(new Envelope { Topic = topic, Kind = kind, Destination = destination, Source = source }));
    }
}
