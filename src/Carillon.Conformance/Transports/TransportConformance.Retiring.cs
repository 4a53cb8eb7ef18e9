using Carillon.Conformance.Transports;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>Nobody retires what is in use.</summary>
    [Fact]
    public async Task Retire_ShouldBeRefused_WhenAnInstanceReceives()
    {
        await using var transport = CreateTransport("orders");
        var subscriptions = RequireSubscriptions(transport);
        var subscription = Subscription("orders", "a.>");
        var orders = await JoinAsync("orders", subscription);
        var sink = AcknowledgingSink();
        await orders.ReceiveAsync(subscription, sink);

        var refusal = await Assert.ThrowsAsync<CarillonException>(async () => await subscriptions.RetireAsync("orders", "orders", TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.SubscriptionInUse, refusal.Code);
        await orders.SendAsync(SampleMessages.Event("a.b", 1, "k"));
        await sink.WaitForAsync(1);
    }

    /// <summary>A name that is not known, or belongs to another service, is no reason to remove anything.</summary>
    [Fact]
    public async Task Retire_ShouldBeRefused_WhenTheServiceHasNoSuchSubscription()
    {
        await using var transport = CreateTransport("orders");
        var subscriptions = RequireSubscriptions(transport);
        await JoinAsync("orders", Subscription("orders", "a.>"));

        foreach (var (service, name) in new[] { ("orders", "stock"), ("stock", "orders") })
        {
            var refusal = await Assert.ThrowsAsync<CarillonException>(async () => await subscriptions.RetireAsync(service, name, TestContext.Current.CancellationToken));
            Assert.Equal(ErrorCodes.SubscriptionNotFound, refusal.Code);
        }
    }

    /// <summary>What waited for the subscription is not delivered any more, and one of the same name is a new one.</summary>
    [Fact]
    public async Task Retire_ShouldForgetWhatWaits_WhenNobodyReceives()
    {
        await using var transport = CreateTransport("orders");
        var subscriptions = RequireSubscriptions(transport);
        var subscription = Subscription("orders", "a.>");
        var orders = await JoinAsync("orders", subscription);
        await orders.SendAsync(SampleMessages.Event("a.b", 1, "k"));

        await subscriptions.RetireAsync("orders", "orders", TestContext.Current.CancellationToken);
        var again = await JoinAsync("orders", subscription);
        await again.SendAsync(SampleMessages.Event("a.b", 2, "k"));
        var sink = AcknowledgingSink();
        await again.ReceiveAsync(subscription, sink);

        await sink.WaitForAsync(1);
        Assert.Equal([2], sink.Numbers);
    }

    /// <summary>A command that it owned may belong to another service from then on.</summary>
    [Fact]
    public async Task Retire_ShouldFreeCommands_WhenTheSubscriptionOwnedSome()
    {
        await using var transport = CreateTransport("orders");
        var subscriptions = RequireSubscriptions(transport);
        await JoinAsync("orders", Subscription("orders") with { CommandTopics = ["do.it"] });

        await subscriptions.RetireAsync("orders", "orders", TestContext.Current.CancellationToken);

        await JoinAsync("stock", Subscription("stock") with { CommandTopics = ["do.it"] });
    }

    private static ISubscriptions RequireSubscriptions(ITransport transport)
    {
        Assert.SkipUnless(transport is ISubscriptions, $"{transport.Capabilities.Name}: it does not retire subscriptions");
        return (ISubscriptions)transport;
    }
}
