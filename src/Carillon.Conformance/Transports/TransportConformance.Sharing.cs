using Carillon.Conformance.Transports;
using Carillon.Conformance.Waiting;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    private static readonly string[] _sharedKeys = [.. Enumerable.Range(0, 64).Select(number => $"key-{number}")];

    /// <summary>Two instances share a subscription: each message goes to one of them, and both have work.</summary>
    [Fact]
    public async Task Receive_ShouldShareMessages_WhenTwoInstancesReceive()
    {
        var orders = Subscription("orders", "a.b");
        var (first, second) = (await JoinAsync("orders", orders), await JoinAsync("orders", orders));
        RecordingSink[] sinks = [HoldingSink(room: 50, shares: true), HoldingSink(room: 50, shares: true)];
        await first.ReceiveAsync(orders, sinks[0]);
        await second.ReceiveAsync(orders, sinks[1]);
        foreach (var sink in sinks)
            await sink.WaitUntilAsync(() => sink.AssignedCount > 0, "a share of the partitions");

        await first.SendAsync(SampleMessages.Events("a.b", 0, 1000, _sharedKeys));
        await HandleAllAsync(1000, sinks);

        Assert.All(sinks, sink => Assert.NotEmpty(sink.Receipts));
    }

    /// <summary>
    /// When an instance comes while messages flow, each message is finished once and no key is out of order, whether the other instance
    /// finishes what it has of the partitions that move or returns it.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Receive_ShouldKeepOrder_WhenAnInstanceComes(bool finishes)
    {
        await RequireAsync(transport => transport.KeepsKeyOrder, "it does not keep the order of a key when instances come and go");
        var orders = Subscription("orders", "a.b");
        var (first, second) = (await JoinAsync("orders", orders), await JoinAsync("orders", orders));
        RecordingSink[] sinks = [HoldingSink(room: 200, shares: true, finishes), HoldingSink(room: 20, shares: true, finishes)];
        await first.ReceiveAsync(orders, sinks[0]);
        await first.SendAsync(SampleMessages.Events("a.b", 0, 150, _sharedKeys));
        await sinks[0].WaitForAsync(150);

        await second.ReceiveAsync(orders, sinks[1]);
        if (finishes)
            await sinks[0].WaitUntilAsync(() => sinks[0].Revoking.Length > 0, "partitions to be revoked");
        else
            await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount > 0, "a share of the partitions");
        var handling = HandleAllAsync(2000, sinks);
        await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount > 0, "a share of the partitions");
        await first.SendAsync(SampleMessages.Events("a.b", 150, 1850, _sharedKeys));
        await handling;

        Assert.NotEmpty(sinks[1].Receipts);
    }

    /// <summary>
    /// When an instance comes, a partition stays where it is for as long as one of its messages is being handled; the other partitions move without
    /// waiting for it, and those that stay go on.
    /// </summary>
    [Fact]
    public async Task Receive_ShouldKeepOnePartition_WhenAMessageOfItIsHandledForLong()
    {
        await RequireAsync(transport => transport.KeepsKeyOrder, "it does not keep the order of a key when instances come and go");
        var orders = Subscription("orders", "a.b");
        var (first, second) = (await JoinAsync("orders", orders), await JoinAsync("orders", orders));
        RecordingSink[] sinks = [HoldingSink(room: 500, shares: true, finishes: true, heeds: false), HoldingSink(room: 500, shares: true)];
        await first.ReceiveAsync(orders, sinks[0]);
        await first.SendAsync(SampleMessages.Events("a.b", 0, 150, _sharedKeys));
        await sinks[0].WaitForAsync(150);
        Assert.SkipUnless(sinks[0].AssignedCount > 2, "It has too few partitions to move some and keep some.");

        await second.ReceiveAsync(orders, sinks[1]);
        await sinks[0].WaitUntilAsync(() => sinks[0].Revoking.Length > 0, "partitions to be revoked");
        var kept = sinks[0].Revoking[0];
        var finished = sinks[0].Receipts.Where(receipt => receipt.Partition != kept).ToArray();
        sinks[0].Acknowledge(finished);
        await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount > 0, "partitions to move");
        await first.SendAsync(SampleMessages.Events("a.b", 150, 150, _sharedKeys));
        await sinks[1].WaitForAsync(1);
        await sinks[0].WaitForAsync(151);

        await sinks[0].WaitUntilAsync(() => sinks[0].Revoking is [var last] && last == kept, "all other partitions to move");
        Assert.DoesNotContain(sinks[1].Receipts, receipt => receipt.Partition == kept);
        await HandleAllAsync(300, finished, sinks);
        await sinks[0].WaitUntilAsync(() => sinks[0].Revoking.Length == 0, "the last partition to move");
    }

    /// <summary>When an instance goes with messages in its hands, the other one gets them, in order, before later ones of their keys.</summary>
    [Fact]
    public async Task Receive_ShouldKeepOrder_WhenAnInstanceGoes()
    {
        await RequireAsync(transport => transport.KeepsKeyOrder, "it does not keep the order of a key when instances come and go");
        var orders = Subscription("orders", "a.b");
        var (first, second) = (await JoinAsync("orders", orders), await JoinAsync("orders", orders));
        RecordingSink[] sinks = [HoldingSink(room: 20), HoldingSink(room: 20)];
        var going = await first.ReceiveAsync(orders, sinks[0]);
        await second.ReceiveAsync(orders, sinks[1]);
        await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount > 0, "a share of the partitions");
        await sinks[0].WaitUntilAsync(() => sinks[0].AssignedCount > 0, "a share of the partitions");
        await second.SendAsync(SampleMessages.Events("a.b", 0, 1000, _sharedKeys));
        await sinks[0].WaitForAsync(20);

        await going.StopAsync(TestContext.Current.CancellationToken);
        sinks[0].Close();
        sinks[0].Acknowledge(sinks[0].Receipts.GroupBy(receipt => receipt.Envelope.Key).Select(key => key.First()));
        var finished = sinks[0].Receipts.Where(receipt => !receipt.IsOpen).ToArray();
        await first.EndAsync(going);

        await HandleAllAsync(1000, finished, sinks[1]);
    }

    private static Task HandleAllAsync(int count, params RecordingSink[] sinks) => HandleAllAsync(count, [], sinks);

    private static Task HandleAllAsync(int count, Receipt[] finishedBefore, params RecordingSink[] sinks) => HandleAllAsync(count, finishedBefore, first: 0, sinks);

    // Acknowledges what the sinks hold, the oldest of each first, until so many messages are finished; then each is finished once and the
    // order in which they were finished is that of their keys.
    private static async Task HandleAllAsync(int count, Receipt[] finishedBefore, int first, params RecordingSink[] sinks)
    {
        var finished = new List<Receipt>(finishedBefore);
        var gate = new Lock();
        await Task.WhenAll(sinks.Select(async sink =>
        {
            while (Finished() < count)
            {
                await Task.WhenAny(sinks.Select(each => each.Changes.Next).Append(Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken)));
                foreach (var receipt in sink.Receipts.Where(receipt => receipt.IsOpen).Take(7))
                    Finish(sink, receipt);
            }
        })).WaitAsync(Patience.Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(first, count), finished.Select(receipt => receipt.Number).Order());
        AssertOrderOfKeys(finished);

        int Finished()
        {
            lock (gate)
                return finished.Count;
        }

        void Finish(RecordingSink sink, Receipt receipt)
        {
            lock (gate)
            {
                if (sink.TryAcknowledge(receipt))
                    finished.Add(receipt);
            }
        }
    }
}
