using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>What was handed over never comes again to the next receiver, although it was returned.</summary>
    [Fact]
    public Task Receive_ShouldHandNothingOverTwice_WhenItDeliversAtMostOnce() => ReceiveAtMostOnceAsync(reopensTransport: false);

    /// <summary>What was handed over never comes again after a restart, although it was returned.</summary>
    [Fact]
    public Task Receive_ShouldHandNothingOverTwice_WhenItDeliversAtMostOnceAndTheServiceRestarts() => ReceiveAtMostOnceAsync(reopensTransport: true);

    /// <summary>When instances come and go with messages in their hands, each message was handed to one of them, once, and in the order of its key.</summary>
    [Fact]
    public async Task Receive_ShouldHandEachMessageOverOnce_WhenItDeliversAtMostOnceAndInstancesComeAndGo()
    {
        await RequireAsync(transport => transport.DeliversAtMostOnce, "it cannot write messages down as finished before it hands them over");
        var orders = Subscription("orders", "a.b") with { DeliversAtMostOnce = true };
        var (first, second) = (await JoinAsync("orders", orders), await JoinAsync("orders", orders));
        RecordingSink[] sinks = [HoldingSink(room: 1_000), HoldingSink(room: 1_000), HoldingSink(room: 1_000)];
        var going = await first.ReceiveAsync(orders, sinks[0]);
        await first.SendAsync(SampleMessages.Events("a.b", 0, 150, _sharedKeys));
        await sinks[0].WaitForAsync(150);

        await second.ReceiveAsync(orders, sinks[1]);
        await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount > 0, "a share of the partitions");
        await second.SendAsync(SampleMessages.Events("a.b", 150, 150, _sharedKeys));
        await sinks[1].WaitForAsync(1);
        await first.EndAsync(going);
        await first.ReceiveAsync(orders, sinks[2]);
        await second.SendAsync(SampleMessages.Events("a.b", 300, 150, _sharedKeys));

        // Whichever gets the last one.
        var waiting = sinks.Select(sink => sink.WaitUntilAsync(() => sinks.Sum(static each => each.Receipts.Length) >= 450, "every message")).ToArray();
        await await Task.WhenAny(waiting);
        foreach (var sink in sinks)
            sink.Changes.Raise();
        await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 450), sinks.SelectMany(static sink => sink.Numbers).Order());
        Assert.All(sinks, static sink => AssertOrderOfKeys(sink.Receipts));
    }

    private async Task ReceiveAtMostOnceAsync(bool reopensTransport)
    {
        await RequireAsync(transport => transport.DeliversAtMostOnce, "it cannot write messages down as finished before it hands them over");
        if (reopensTransport)
            await RequireAsync(transport => transport.IsDurable, "its messages do not outlive the process");
        var orders = Subscription("orders", "a.b") with { DeliversAtMostOnce = true };
        var participant = await JoinAsync("orders", orders);
        await participant.SendAsync([.. SampleMessages.Events("a.b", 0, 40, "k"), .. SampleMessages.Events("a.b", 40, 20, "l", null, "m")]);
        var sink = HoldingSink(room: 25);
        var receiver = await participant.ReceiveAsync(orders, sink);
        for (var handed = 20; handed <= 60; handed += 20)
        {
            await sink.WaitForAsync(handed);
            sink.Return(sink.Receipts.Take(handed - 5));
        }

        await participant.EndAsync(receiver);
        if (reopensTransport)
        {
            await participant.DisposeAsync();
            participant = await JoinAsync("orders", orders);
        }

        Assert.Equal(Enumerable.Range(0, 60), sink.Numbers.Order());
        Assert.Equal([60], await ReceiveRestAsync(participant, orders, marker: 60));
    }
}
