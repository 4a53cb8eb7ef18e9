using Carillon.Conformance.Transports;
using Carillon.Conformance.Waiting;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>Once a receiver has stopped it hands over nothing, however much is waiting, and nothing is lost by it.</summary>
    [Fact]
    public async Task Stop_ShouldHandOverNothingMore_WhenMessagesFlow()
    {
        const int count = 2000;
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var first = AcknowledgingSink(room: 5);
        var receiver = await participant.ReceiveAsync(orders, first);
        var sending = participant.SendAsync(SampleMessages.Events("a.b", 0, count, "k", "l", "m"));
        await first.WaitForAsync(20);

        await Patience.ForAsync(receiver.StopAsync(TestContext.Current.CancellationToken).AsTask(), "the receiver to stop");
        first.Close();
        await sending;
        await participant.EndAsync(receiver);

        var second = AcknowledgingSink();
        await participant.ReceiveAsync(orders, second);
        await second.WaitForAsync(count - first.Receipts.Length);
        Assert.Equal(Enumerable.Range(0, count), first.Numbers.Concat(second.Numbers).Order());
        AssertOrderOfKeys(first.Receipts.Concat(second.Receipts));
    }

    /// <summary>A receiver that waits for room stops at once.</summary>
    [Fact]
    public async Task Stop_ShouldComplete_WhenSinkIsFull()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var sink = HoldingSink(room: 1);
        var receiver = await participant.ReceiveAsync(orders, sink);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 10, "k"));
        await sink.WaitForAsync(1);

        await Patience.ForAsync(receiver.StopAsync(TestContext.Current.CancellationToken).AsTask(), "the receiver to stop");

        sink.Close();
        sink.Acknowledge(sink.Receipts);
        await participant.EndAsync(receiver);
        Assert.Equal([.. Enumerable.Range(1, 10)], await ReceiveRestAsync(participant, orders, marker: 10));
    }

    /// <summary>A receiver that waits for messages stops at once.</summary>
    [Fact]
    public async Task Stop_ShouldComplete_WhenNothingWasSent()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        var receiver = await participant.ReceiveAsync(orders, AcknowledgingSink());

        await Patience.ForAsync(receiver.StopAsync(TestContext.Current.CancellationToken).AsTask(), "the receiver to stop");
    }

    /// <summary>Whoever stops right after its start has died of nothing: what it has got, and not begun to read, it gives back as it was.</summary>
    [Fact]
    public async Task Stop_ShouldLeaveNoPartitionToTheDead_WhenItComesRightAfterTheStart()
    {
        var orders = Subscription("orders", "a.b");
        var participant = await JoinAsync("orders", orders);
        for (var time = 0; time < 5; time++)
            await participant.EndAsync(await participant.ReceiveAsync(orders, AcknowledgingSink()));

        var last = AcknowledgingSink();
        await participant.ReceiveAsync(orders, last);
        await participant.SendAsync(SampleMessages.Events("a.b", 0, 1, "k"));
        await last.WaitForAsync(1);
        Assert.DoesNotContain(last.Assignments, static assignment => assignment.IsFromTheDead);
    }

    /// <summary>A receiver that was opened but never started can be disposed.</summary>
    [Fact]
    public async Task Dispose_ShouldComplete_WhenReceiverWasNeverStarted()
    {
        var orders = Subscription("orders", "a.b");
        await using var transport = CreateTransport("orders");
        await transport.EnsureTopologyAsync(new("orders", [orders]), TestContext.Current.CancellationToken);
        var receiver = await transport.OpenReceiverAsync(orders, TestContext.Current.CancellationToken);

        await Patience.ForAsync(receiver.DisposeAsync().AsTask(), "the receiver to be disposed");
    }

    /// <summary>A receiver may be disposed without being stopped first; it stops by itself.</summary>
    [Fact]
    public async Task Dispose_ShouldStopTheReceiver_WhenItIsRunning()
    {
        var orders = Subscription("orders", "a.b");
        await using var transport = CreateTransport("orders");
        await transport.EnsureTopologyAsync(new("orders", [orders]), TestContext.Current.CancellationToken);
        var receiver = await transport.OpenReceiverAsync(orders, TestContext.Current.CancellationToken);
        var sink = AcknowledgingSink();
        await receiver.StartAsync(sink, TestContext.Current.CancellationToken);

        await Patience.ForAsync(receiver.DisposeAsync().AsTask(), "the receiver to be disposed");

        sink.Close();
        await (await JoinAsync("sender")).SendAsync(SampleMessages.Events("a.b", 0, 10, "k"));
        Assert.Empty(sink.Receipts);
    }
}
