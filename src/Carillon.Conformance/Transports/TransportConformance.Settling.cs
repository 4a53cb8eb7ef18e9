using Carillon.Conformance.Transports;
using Carillon.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    // A transport that acknowledges a position may deliver again what was finished behind something that was not; never what was finished
    // before it, and never the other way round.

    /// <summary>What was acknowledged does not come back to the next receiver.</summary>
    [Fact]
    public Task Acknowledge_ShouldFinishMessages_WhenReceiverIsOpenedAgain() =>
        SettleSomeAsync(_ => true, reopensTransport: false);

    /// <summary>What was not settled comes back to the next receiver.</summary>
    [Fact]
    public Task Dispose_ShouldHandMessagesBack_WhenTheyWereNotSettled() =>
        SettleSomeAsync(_ => false, reopensTransport: false);

    /// <summary>However many were finished after it, a message that was not comes back.</summary>
    [Fact]
    public Task Acknowledge_ShouldFinishNothingElse_WhenFirstMessageIsNotSettled() =>
        SettleSomeAsync(number => number != 0, reopensTransport: false);

    /// <summary>What was acknowledged does not come back after a restart.</summary>
    [Fact]
    public Task Acknowledge_ShouldFinishMessages_WhenServiceRestarts() =>
        SettleSomeAsync(_ => true, reopensTransport: true);

    /// <summary>What was not settled comes back after a restart.</summary>
    [Fact]
    public Task Dispose_ShouldKeepMessages_WhenServiceRestarts() =>
        SettleSomeAsync(_ => false, reopensTransport: true);

    /// <summary>However many were finished after it, a message that was not comes back after a restart.</summary>
    [Fact]
    public Task Acknowledge_ShouldFinishNothingElse_WhenServiceRestarts() =>
        SettleSomeAsync(number => number % 7 != 0, reopensTransport: true);

    /// <summary>A message that was confirmed while the subscription's service was down reaches it when it is back, in order.</summary>
    [Fact]
    public async Task Send_ShouldKeepMessages_WhenServiceOfSubscriptionIsDown()
    {
        var orders = Subscription("orders", "a.b");
        var sender = await JoinAsync("sender");
        await (await JoinAsync("orders", orders)).DisposeAsync();
        await sender.SendAsync(SampleMessages.Events("a.b", 0, 30, "k"));

        var sink = AcknowledgingSink();
        await (await JoinAsync("orders", orders)).ReceiveAsync(orders, sink);

        await sink.WaitForAsync(30);
        Assert.Equal(Enumerable.Range(0, 30), sink.Numbers);
    }

    /// <summary>Everything that was confirmed is there when all services have been down.</summary>
    [Fact]
    public async Task Send_ShouldKeepMessages_WhenEveryServiceRestarts()
    {
        await RequireAsync(transport => transport.IsDurable, "its messages do not outlive the process");
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 30, "k"));
        await participant.DisposeAsync();

        var sink = AcknowledgingSink();
        await (await JoinAsync("orders", orders)).ReceiveAsync(orders, sink);

        await sink.WaitForAsync(30);
        Assert.Equal(Enumerable.Range(0, 30), sink.Numbers);
    }

    /// <summary>A settlement between stopping and disposing counts.</summary>
    [Fact]
    public async Task Acknowledge_ShouldFinishMessages_WhenReceiverHasStopped()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 10, "k"));
        var sink = HoldingSink();
        var receiver = await participant.ReceiveAsync(orders, sink);
        await sink.WaitForAsync(10);

        await receiver.StopAsync(TestContext.Current.CancellationToken);
        sink.Acknowledge(sink.Receipts);
        await participant.EndAsync(receiver);

        Assert.Equal([10], await ReceiveRestAsync(participant, orders, marker: 10));
    }

    /// <summary>A late word about a delivery whose receiver is gone changes nothing.</summary>
    [Fact]
    public async Task Acknowledge_ShouldBeIgnored_WhenReceiverIsDisposed()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 5, "k"));
        var sink = HoldingSink();
        var receiver = await participant.ReceiveAsync(orders, sink);
        await sink.WaitForAsync(5);
        await participant.EndAsync(receiver);

        sink.Acknowledge(sink.Receipts);

        Assert.Equal([0, 1, 2, 3, 4, 5], await ReceiveRestAsync(participant, orders, marker: 5));
    }

    private async Task SettleSomeAsync(Predicate<int> isFinished, bool reopensTransport)
    {
        const int count = 60;
        if (reopensTransport)
            await RequireAsync(transport => transport.IsDurable, "its messages do not outlive the process");
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, count, "k"));
        var sink = HoldingSink();
        var receiver = await participant.ReceiveAsync(orders, sink);
        await sink.WaitForAsync(count);

        sink.Acknowledge(sink.Receipts.Where(receipt => isFinished(receipt.Number)).Reverse());
        await participant.EndAsync(receiver);
        if (reopensTransport)
        {
            await participant.DisposeAsync();
            participant = await JoinAsync("orders", orders);
        }

        var rest = await ReceiveRestAsync(participant, orders, marker: count);
        var unfinished = Enumerable.Range(0, count).Where(number => !isFinished(number)).Append(count).ToArray();
        Assert.Equal(unfinished, rest.Intersect(unfinished));
        Assert.Equal(rest.Distinct().Order(), rest);
        Assert.True(rest[0] >= unfinished[0], $"message {rest[0]} came back, although everything before {unfinished[0]} was finished");
    }

    // A message of the same key, sent last, arrives last: when it is there, everything that is to come back has.
    private async Task<IReadOnlyList<int>> ReceiveRestAsync(Participant participant, SubscriptionTopology subscription, int marker)
    {
        await participant.SendAsync(SampleMessages.Event("a.b", marker, "k"));
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(subscription, sink);
        await sink.WaitUntilAsync(() => sink.Numbers.Contains(marker), $"message {marker}");
        return sink.Numbers;
    }
}
