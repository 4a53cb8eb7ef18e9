using Carillon.Conformance.Transports;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>A subscription gets what its patterns match and nothing else.</summary>
    [Fact]
    public async Task Send_ShouldReachMatchingSubscriptions_WhenTopicsHaveWildcards()
    {
        var exact = Subscription("exact", "order.created");
        var oneWord = Subscription("one-word", "order.*");
        var anyWords = Subscription("any-words", "order.>");
        var several = Subscription("several", "order.item.added", "stock.*", "order.*");
        string[] topics = ["order.created", "order.paid", "order.item.added", "stock.moved", "orders.created", "order", "last.one"];

        var received = await SendToTopicsAsync(topics, exact, oneWord, anyWords, several);

        Assert.Equal([[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]], received);
    }

    /// <summary>A message with a destination reaches the subscriptions of that service only.</summary>
    [Fact]
    public async Task Send_ShouldReachOneService_WhenMessageHasDestination()
    {
        var (orders, orderMail, stock) = (Subscription("orders", "a.b"), Subscription("orders.mail", "a.b"), Subscription("stock", "a.b"));
        var (first, second) = (await JoinAsync("orders", orders, orderMail), await JoinAsync("stock", stock));
        RecordingSink[] sinks = [AcknowledgingSink(), AcknowledgingSink(), AcknowledgingSink()];
        await first.ReceiveAsync(orders, sinks[0]);
        await first.ReceiveAsync(orderMail, sinks[1]);
        await second.ReceiveAsync(stock, sinks[2]);

        await second.SendAsync(
            SampleMessages.Event("a.b", 1, "k") with { Destination = "orders" },
            SampleMessages.Event("a.b", 2, "k") with { Destination = "nobody" },
            SampleMessages.Event("a.b", 3, "k"));

        await sinks[0].WaitForAsync(2);
        await sinks[1].WaitForAsync(2);
        await sinks[2].WaitForAsync(1);
        Assert.Equal([[1, 3], [1, 3], [3]], sinks.Select(sink => sink.Numbers));
    }

    /// <summary>A command reaches the subscription that handles it, and not those whose event topics match its name.</summary>
    [Fact]
    public async Task Send_ShouldReachTheOwner_WhenMessageIsCommand()
    {
        var owner = Subscription("payment", "nothing") with { CommandTopics = ["payment.charge"] };
        var listener = Subscription("audit", "payment.*");
        var (first, second) = (await JoinAsync("payment", owner), await JoinAsync("audit", listener));
        var (owned, heard) = (AcknowledgingSink(), AcknowledgingSink());
        await first.ReceiveAsync(owner, owned);
        await second.ReceiveAsync(listener, heard);

        await second.SendAsync(SampleMessages.Command("payment.charge", 1, "k"), SampleMessages.Event("payment.charge", 2, "k"));

        await owned.WaitForAsync(1);
        await heard.WaitForAsync(1);
        Assert.Equal([[1], [2]], new[] { owned.Numbers, heard.Numbers });
    }

    /// <summary>A command that nobody handles, or that another service handles than the one it is for, is refused.</summary>
    [Theory]
    [InlineData("payment.refund", null)]
    [InlineData("payment.charge", "orders")]
    public async Task Send_ShouldReportNoCommandHandler_WhenNobodyHandlesCommand(string command, string? destination)
    {
        var participant = await JoinAsync("payment", Subscription("payment", "payment.*") with { CommandTopics = ["payment.charge"] });
        Envelope[] batch = [SampleMessages.Command(command, 1, "k") with { Destination = destination }];

        var failures = await participant.Sender.SendAsync(batch, TestContext.Current.CancellationToken);

        Assert.Equal(ErrorCodes.NoCommandHandler, Assert.Single(failures ?? []).Error.Code);
    }

    /// <summary>A command has one subscription among those of its service, and among all services.</summary>
    [Theory]
    [InlineData("payment")]
    [InlineData("orders")]
    public async Task EnsureTopology_ShouldRefuse_WhenTwoSubscriptionsHandleOneCommand(string service)
    {
        await JoinAsync("payment", Subscription("payment", "a.b") with { CommandTopics = ["payment.charge"] });

        var error = await Assert.ThrowsAsync<CarillonConfigurationException>(() =>
            JoinAsync(service, Subscription($"{service}.second", "a.b") with { CommandTopics = ["payment.refund", "payment.charge"] }));

        Assert.Equal(ErrorCodes.CommandHandledTwice, error.Code);
        Assert.Contains("payment.charge", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A second instance of a service, or a restarted one, brings the same topology again.</summary>
    [Fact]
    public async Task EnsureTopology_ShouldChangeNothing_WhenRepeated()
    {
        var payment = Subscription("payment", "a.b") with { CommandTopics = ["payment.charge"] };
        var first = await JoinAsync("payment", payment);
        await first.SendAsync(SampleMessages.Event("a.b", 1, "k"));

        var second = await JoinAsync("payment", payment);
        await second.SendAsync(SampleMessages.Command("payment.charge", 2, "k"));

        var sink = AcknowledgingSink();
        await second.ReceiveAsync(payment, sink);
        await sink.WaitForAsync(2);
        Assert.Equal([1, 2], sink.Numbers);
    }

    // Every subscription also listens to the last topic: when it has that message, everything before it has arrived or never will.
    private async Task<int[][]> SendToTopicsAsync(string[] topics, params SubscriptionTopology[] subscriptions)
    {
        var sinks = new List<RecordingSink>();
        foreach (var subscription in subscriptions)
        {
            var listening = subscription with { Topics = [.. subscription.Topics, TopicPattern.Parse(topics[^1])] };
            var participant = await JoinAsync(listening.Service, listening);
            sinks.Add(AcknowledgingSink());
            await participant.ReceiveAsync(listening, sinks[^1]);
        }

        var sender = await JoinAsync("sender");
        await sender.SendAsync([.. topics.Select((topic, number) => SampleMessages.Event(topic, number, "k"))]);
        foreach (var sink in sinks)
            await sink.WaitUntilAsync(() => sink.Numbers.Contains(topics.Length - 1), "the last message");
        return [.. sinks.Select(sink => sink.Numbers[..^1])];
    }
}
