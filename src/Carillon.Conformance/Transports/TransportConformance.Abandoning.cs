using Carillon.Conformance.Transports;

namespace Carillon.Conformance;

public abstract partial class TransportConformance
{
    /// <summary>
    /// When an instance stops while a handler goes on that ignores its cancellation, all partitions move at once but the one of that handler's message. That one moves when the
    /// handler has ended or its time is over; where it is the time, the next owner hears that it may have died.
    /// </summary>
    [Fact]
    public async Task Dispose_ShouldKeepThatPartition_WhenAMessageOfItIsStillBeingHandled()
    {
        await RequireAsync(transport => transport.KeepsKeyOrder, "it does not keep the order of a key when instances come and go");
        var orders = Subscription("orders", "a.b");
        var (first, second) = (await JoinAsync("orders", orders), await JoinAsync("orders", orders));
        RecordingSink[] sinks = [HoldingSink(room: 500, shares: true), HoldingSink(room: 500, shares: true)];
        var going = await first.ReceiveAsync(orders, sinks[0]);
        await first.SendAsync(SampleMessages.Events("a.b", 0, 150, _sharedKeys));
        await sinks[0].WaitForAsync(150);
        var owned = sinks[0].Assignments;
        Assert.SkipUnless(owned.Length > 1, "It has too few partitions to give some back and keep one.");
        var hung = sinks[0].Receipts[^1];
        var kept = owned.Single(assignment => assignment.Partition == hung.Partition);
        var handled = new TaskCompletionSource();

        await going.StopAsync(TestContext.Current.CancellationToken);
        sinks[0].Close();
        sinks[0].Acknowledge(sinks[0].Receipts.Where(receipt => receipt != hung));
        going.Abandon([kept], handled.Task);
        await first.DisposeAsync();
        await second.ReceiveAsync(orders, sinks[1]);
        await second.SendAsync(SampleMessages.Events("a.b", 150, 150, _sharedKeys));
        await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount == owned.Length - 1, "all other partitions");
        Assert.DoesNotContain(sinks[1].Assignments, assignment => assignment.Partition == kept.Partition || assignment.IsFromTheDead);

        sinks[0].Acknowledge(hung);
        handled.SetResult();
        await sinks[1].WaitUntilAsync(() => sinks[1].AssignedCount == owned.Length, "the partition that was kept");
        var last = sinks[1].Assignments.Single(assignment => assignment.Partition == kept.Partition);
        Assert.Equal(last.Fence is not null, last.IsFromTheDead);
        await sinks[1].WaitUntilAsync(() => sinks[1].Numbers.Where(number => number >= 150).Order().SequenceEqual(Enumerable.Range(150, 150)), "all that was sent later");
        Assert.All(sinks[1].Receipts, receipt => Assert.True(receipt.Number >= 150 || receipt.Number == hung.Number, $"message {receipt} was finished before"));
        AssertOrderOfKeys(sinks[1].Receipts);
    }

    /// <summary>
    /// Who has a partition of one that died, and gives it back before its messages are finished, has not shown that none of them kills: the next owner hears of the death too, and so
    /// on until they are finished.
    /// </summary>
    [Fact]
    public async Task Dispose_ShouldLeaveThePartitionSuspect_WhenAPartitionOfTheDeadIsGivenBackUnfinished()
    {
        await RequireAsync(transport => transport.KeepsKeyOrder, "it does not keep the order of a key when instances come and go");
        var orders = Subscription("orders", "a.b");
        var participants = new List<Participant>();
        for (var number = 0; number < 4; number++)
            participants.Add(await JoinAsync("orders", orders));
        var died = HoldingSink(room: 500, shares: true);
        var going = await participants[0].ReceiveAsync(orders, died);
        await participants[0].SendAsync(SampleMessages.Events("a.b", 0, 1, ["k"]));
        await died.WaitForAsync(1);
        var deadly = died.Receipts[0].Partition;
        var kept = died.Assignments.Single(assignment => assignment.Partition == deadly);
        Assert.SkipUnless(kept.Fence is not null, "Its messages do not outlive the process.");
        await going.StopAsync(TestContext.Current.CancellationToken);
        died.Close();
        going.Abandon([kept], new TaskCompletionSource().Task);
        await participants[0].DisposeAsync();
        died.Return(died.Receipts.Where(static receipt => receipt.IsOpen));

        for (var number = 1; number < 4; number++)
        {
            var sink = HoldingSink(room: 500, shares: true);
            var receiver = await participants[number].ReceiveAsync(orders, sink);
            await sink.WaitUntilAsync(() => sink.Assigned.Contains(deadly), "the partition of the one that died");
            Assert.Equal(number < 3, sink.Assignments.Single(assignment => assignment.Partition == deadly).IsFromTheDead);
            if (number == 3)
                break;
            await sink.WaitForAsync(1);
            await receiver.StopAsync(TestContext.Current.CancellationToken);
            sink.Close();
            if (number == 2)
                sink.Acknowledge(sink.Receipts[0]);
            sink.Return(sink.Receipts.Where(static receipt => receipt.IsOpen));
            await participants[number].EndAsync(receiver);
        }
    }
}
