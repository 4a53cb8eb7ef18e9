using Carillon.InMemory;
using Carillon.Transports;

namespace Carillon.Tests.InMemory;

public sealed class InMemoryRoutesTests
{
    [Fact]
    public void Find_ShouldTellServicesApart_WhenARelayTakesWhatOneOfThemPublishes()
    {
        var relays = new[] { Relay("a"), Relay("b") };
        var routes = new InMemoryRoutes(relays);
        var message = InMemoryLine.Message("k");

        Assert.Equal([relays[0]], routes.Find(message with { Source = "/services/a" }));
        Assert.Equal([relays[1]], routes.Find(message with { Source = "/services/b" }));
        Assert.Empty(routes.Find(message with { Source = "/services/c" }));
    }

    [Fact]
    public void Find_ShouldNotCareWhoPublishes_WhenThereIsNoRelay()
    {
        var routes = new InMemoryRoutes([Subscription("orders")]);

        Assert.Same(routes.Find(InMemoryLine.Message("k") with { Source = "/services/a" }), routes.Find(InMemoryLine.Message("k") with { Source = "/services/b" }));
    }

    /// <summary>Topics come from the wire: whoever makes up new ones must not fill the memory (G4).</summary>
    [Fact]
    public void Find_ShouldRememberOnlySoManyRoutes_WhenTopicsNeverEnd()
    {
        var all = Subscription("orders", ">");
        var routes = new InMemoryRoutes([all]);
        for (var number = 0; number < 4096; number++)
            routes.Find(InMemoryLine.Message("k", topic: $"topic-{number}"));
        var known = InMemoryLine.Message("k", topic: "topic-4095");
        var late = InMemoryLine.Message("k", topic: "topic-4096");

        Assert.Same(routes.Find(known), routes.Find(known));
        Assert.NotSame(routes.Find(late), routes.Find(late));
        Assert.Equal([all], routes.Find(late));
    }

    private static InMemorySubscription Subscription(string name, string topic = "order.created") => new(InMemoryLine.Subscription(name, topic), new InMemoryOptions());

    private static InMemorySubscription Relay(string service) =>
        new(new SubscriptionTopology { Name = $"{service}:outbox", Service = service, Topics = [], Source = $"/services/{service}" }, new InMemoryOptions());
}
