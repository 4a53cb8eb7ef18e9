using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>
    /// A delivery that is lost alone comes again, whatever is said of it, and what follows of its key comes behind it. Other keys do not notice.
    /// </summary>
    [Fact]
    public async Task Lose_ShouldHandTheMessageOverAgainBeforeLaterOnes_WhenOneDeliveryIsNotSettledInTime()
    {
        var orders = Subscription("orders", "a.b");
        var transport = CreateImpatientTransport("orders");
        Assert.SkipWhen(transport is null, "no delivery of it is lost alone");
        var participant = await JoinAsync(transport, "orders", orders);
        var sink = HoldingSink();
        var receiver = await participant.ReceiveAsync(orders, sink);
        await participant.SendAsync([.. SampleMessages.Events("a.b", 0, 3, "k"), .. SampleMessages.Events("a.b", 3, 3, "l")]);
        await sink.WaitForAsync(6);
        sink.Acknowledge(sink.Receipts.Where(receipt => receipt.Envelope.Key == "l"));

        await sink.WaitUntilAsync(() => sink.Lost.Length > 0, "a delivery to be lost alone");
        await sink.WaitUntilAsync(() => HasAllAgain(sink), "the messages of the key to come again");
        Assert.Equal((0, 1), (sink.Lost[0].Number, sink.Lost.Length));
        Assert.Equal([0, 1, 2], sink.Numbers.Skip(6));
        await participant.EndAsync(receiver);
        Assert.Equal([6], await ReceiveRestAsync(participant, orders, marker: 6));
    }

    // Handled quickly this time.
    private static bool HasAllAgain(RecordingSink sink)
    {
        foreach (var receipt in sink.Receipts.Skip(6).Where(static receipt => receipt.IsOpen))
            sink.TryAcknowledge(receipt);
        return sink.Receipts.Length >= 9;
    }
}
