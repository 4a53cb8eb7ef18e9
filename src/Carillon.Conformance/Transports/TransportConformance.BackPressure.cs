using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>A sink with room for three never has more than three, and gets everything as it makes room.</summary>
    [Fact]
    public async Task Deliver_ShouldWaitForRoom_WhenSinkIsFull()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = HoldingSink(room: 3);
        await participant.ReceiveAsync(orders, sink);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 40, "k", "l", "m", "n", "o", "p", null));

        while (sink.Receipts.Length < 40)
        {
            await sink.WaitUntilAsync(() => sink.Receipts.Length == 40 || sink.Receipts.Count(receipt => receipt.IsOpen) == 3, "the sink to be full");
            sink.Acknowledge(sink.Receipts.Where(receipt => receipt.IsOpen).TakeLast(2));
        }

        Assert.Equal(Enumerable.Range(0, 40), sink.Numbers.Order());
    }

    /// <summary>A subscription that handles nothing does not hold up another one.</summary>
    [Fact]
    public async Task Deliver_ShouldReachOthers_WhenOneSubscriptionIsStuck()
    {
        var (stuck, quick) = (Subscription("orders.stuck", "a.b"), Subscription("orders.quick", "a.b"));
        var participant = await JoinAsync("orders", stuck, quick);
        var (held, handled) = (HoldingSink(room: 1), AcknowledgingSink());
        await participant.ReceiveAsync(stuck, held);
        await participant.ReceiveAsync(quick, handled);

        for (var batch = 0; batch < 10; batch++)
            await participant.SendAsync(SampleMessages.Events("a.b", batch * 20, 20, "k", "l"));

        await handled.WaitForAsync(200);
        await held.WaitForAsync(1);
        Assert.Single(held.Receipts);
    }

    /// <summary>A message that is not settled does not hold up other keys.</summary>
    [Fact]
    public async Task Deliver_ShouldGoOnWithOtherKeys_WhenOneMessageIsNotSettled()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = HoldingSink(room: 10);
        await participant.ReceiveAsync(orders, sink);
        await participant.SendAsync(SampleMessages.Event("a.b", 0, "stuck"));
        await sink.WaitForAsync(1);

        await participant.SendAsync(SampleMessages.Events("a.b", 1, 300, "k", "l", "m"));
        while (sink.Receipts.Length < 301)
        {
            await sink.WaitUntilAsync(() => sink.Receipts.Count(receipt => receipt.IsOpen) > 1, "messages of other keys");
            sink.Acknowledge(sink.Receipts.Where(receipt => receipt.IsOpen && receipt.Number > 0));
        }

        Assert.Equal(Enumerable.Range(0, 301), sink.Numbers.Order());
    }

    /// <summary>A key whose backlog is far beyond the room leaves room for messages of other keys that come after it, and keeps its order.</summary>
    [Fact]
    public async Task Deliver_ShouldReachOtherKeys_WhenOneKeyHasALongBacklog()
    {
        await RequireAsync(transport => transport.SharesRoomAmongKeys, "one key may take all the room");
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = HoldingSink(room: 10, sharesRoom: true);
        await participant.ReceiveAsync(orders, sink);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 1_000, "hot"));
        await sink.WaitForAsync(1);
        await participant.SendAsync(SampleMessages.Events("a.b", 1_000, 100, [.. Enumerable.Range(0, 100).Select(static number => $"cold-{number}")]));

        // Nothing of the hot key is handled meanwhile.
        while (sink.Numbers.Count(static number => number >= 1_000) < 100)
        {
            await sink.WaitUntilAsync(() => sink.Receipts.Any(static receipt => receipt is { IsOpen: true, Number: >= 1_000 }), "messages of other keys");
            sink.Acknowledge(sink.Receipts.Where(static receipt => receipt is { IsOpen: true, Number: >= 1_000 }));
        }

        Assert.InRange(sink.Numbers.Count(static number => number < 1_000), 1, 9);
        await AcknowledgeUntilAsync(sink, () => sink.Receipts.Count(static receipt => !receipt.IsOpen) == 1_100);
        Assert.Equal(Enumerable.Range(0, 1_000), sink.Numbers.Where(static number => number < 1_000));
    }

    /// <summary>A key of which some messages were read past moves to another instance: they come there, in order, and none of them twice.</summary>
    [Fact]
    public async Task Deliver_ShouldKeepOrder_WhenAKeyWithALongBacklogMoves()
    {
        await RequireAsync(transport => transport.SharesRoomAmongKeys, "one key may take all the room");
        await RequireAsync(transport => transport.IsDurable, "nothing is left when the last instance goes");
        var orders = Subscription("orders", "a.b");
        var first = await JoinAsync("orders", orders);
        var sink = HoldingSink(room: 10, sharesRoom: true);
        await first.ReceiveAsync(orders, sink);
        await first.SendAsync(SampleMessages.Events("a.b", 0, 300, "hot", "hot", "cold"));
        await AcknowledgeUntilAsync(sink, () => sink.Receipts.Count(static receipt => !receipt.IsOpen) >= 100);
        await first.DisposeAsync();
        var finished = sink.Receipts.Where(static receipt => receipt.IsSettled).Select(static receipt => receipt.Number).ToArray();

        var second = await JoinAsync("orders", orders);
        var next = AcknowledgingSink(room: 10);
        await second.ReceiveAsync(orders, next);
        await next.WaitForAsync(300 - finished.Length);

        Assert.Equal(Enumerable.Range(0, 300), finished.Concat(next.Numbers).Order());
        AssertOrderOfKeys(sink.Receipts.Where(receipt => finished.Contains(receipt.Number)).Concat(next.Receipts));
    }
}
