using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>Messages of a key arrive in the order in which they were sent, through many batches and beside many other keys.</summary>
    [Fact]
    public async Task Deliver_ShouldKeepOrderOfKeys_WhenManyKeysTravelInManyBatches()
    {
        await RequireAsync(transport => transport.KeepsKeyOrder, "it does not keep the order of a key by itself");
        var keys = Enumerable.Range(0, 37).Select(number => $"key-{number}").ToArray();
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = AcknowledgingSink(room: 17);
        await participant.ReceiveAsync(orders, sink);

        for (var batch = 0; batch < 20; batch++)
            await participant.SendAsync(SampleMessages.Events("a.b", batch * 100, 100, keys));

        await sink.WaitForAsync(2000);
        Assert.Equal(Enumerable.Range(0, 2000), sink.Numbers.Order());
        AssertOrderOfKeys(sink.Receipts);
    }

    /// <summary>A message's position says where it stands: within a partition it grows from one message to the next.</summary>
    [Fact]
    public async Task Deliver_ShouldGiveGrowingPositions_WhenTransportKeepsOrder()
    {
        await RequireAsync(transport => transport.KeepsKeyOrder, "it does not keep the order of a key by itself");
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = AcknowledgingSink();
        await participant.ReceiveAsync(orders, sink);

        await participant.SendAsync(SampleMessages.Events("a.b", 0, 200, "k", "l", "m", "n", "o"));

        await sink.WaitForAsync(200);
        Assert.All(sink.Receipts.GroupBy(receipt => receipt.Envelope.Key), key =>
        {
            Assert.Single(key.Select(receipt => receipt.Partition).Distinct());
            Assert.All(key.Zip(key.Skip(1)), pair => Assert.True(pair.First.Position < pair.Second.Position, $"{pair.First} is at {pair.First.Position}, {pair.Second} behind it at {pair.Second.Position}"));
        });
    }

    /// <summary>Returned messages come again, in their order and before later ones of their key.</summary>
    [Fact]
    public Task Return_ShouldDeliverAgainInOrder_WhenReturnedInOrder() => ReturnAsync(receipts => receipts);

    /// <summary>Also when they were returned in another order than they came in.</summary>
    [Fact]
    public Task Return_ShouldDeliverAgainInOrder_WhenReturnedBackwards() => ReturnAsync(receipts => receipts.Reverse());

    private async Task ReturnAsync(Func<IEnumerable<Receipt>, IEnumerable<Receipt>> reorder)
    {
        await RequireAsync(transport => transport.KeepsKeyOrder, "it does not keep the order of a key by itself");
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = HoldingSink();
        await participant.ReceiveAsync(orders, sink);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 8, "k"));
        await sink.WaitForAsync(8);

        sink.Acknowledge(sink.Receipts[..2]);
        var returned = reorder(sink.Receipts[2..8]).ToArray();
        sink.Return(returned[0]);
        await participant.SendAsync(SampleMessages.Event("a.b", 100, "other"));
        await sink.WaitUntilAsync(() => sink.Numbers.Contains(100), "the message of another key");
        sink.Return(returned[1..]);
        await participant.SendAsync(SampleMessages.Events("a.b", 8, 12, "k"));
        await AcknowledgeUntilAsync(sink, () => sink.Receipts.Count(receipt => !receipt.IsOpen) >= 27);

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, .. Enumerable.Range(2, 18)], sink.Numbers.Where(number => number != 100));
    }

    // Acknowledges from the front, as a lane does: whatever is open, the oldest of it first.
    private static async Task AcknowledgeUntilAsync(RecordingSink sink, Func<bool> condition)
    {
        while (!condition())
        {
            await sink.WaitUntilAsync(() => condition() || sink.Receipts.Any(receipt => receipt.IsOpen), "a delivery to acknowledge");
            sink.Acknowledge(sink.Receipts.Where(receipt => receipt.IsOpen).Take(1));
        }
    }

    private static void AssertOrderOfKeys(IEnumerable<Receipt> receipts) =>
        Assert.All(receipts.GroupBy(receipt => receipt.Envelope.Key), key =>
            Assert.Equal(key.Select(receipt => receipt.Number).Order(), key.Select(receipt => receipt.Number)));
}
