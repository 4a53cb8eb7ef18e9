using Carillon.Subscribing;

namespace Carillon.Tests.Subscribing;

/// <summary>Who gets which lane, step by step, without anybody running (G3).</summary>
public sealed class LaneSchedulerTests
{
    private readonly LaneScheduler _scheduler = new();

    [Fact]
    public void TryTake_ShouldGiveAKeyToOneWorkerAtATime_WhenMoreOfItWaits()
    {
        var (first, second) = (Worker(), Worker());
        Add("a", "a", "b");

        var laneOfA = Take(first);
        var laneOfB = Take(second);

        Assert.Equal(("a", "b"), (laneOfA.Key, laneOfB.Key));
        Assert.Equal((first, second), (laneOfA.Runner, laneOfB.Runner));
        Assert.False(_scheduler.TryTake(Worker(), out _));
    }

    [Fact]
    public void Release_ShouldMakeTheNextOfTheKeyReady_WhenMoreOfItWaits()
    {
        var worker = Worker();
        var deliveries = Add("a", "a");
        var lane = Take(worker);
        Assert.True(_scheduler.TryTakeFirst(lane, out var first));

        _scheduler.Release(lane);
        var again = Take(worker);

        Assert.Same(lane, again);
        Assert.True(_scheduler.TryTakeFirst(again, out var second));
        Assert.Equal(deliveries, [first, second]);
        Assert.False(_scheduler.TryTakeFirst(again, out _));
    }

    [Fact]
    public void Add_ShouldWaitBehindTheRunningOne_WhenItsKeyIsBeingHandled()
    {
        var worker = Worker();
        Add("a");
        var lane = Take(worker);
        _scheduler.TryTakeFirst(lane, out _);

        Add("a");

        Assert.False(_scheduler.TryTake(Worker(), out _));
    }

    [Fact]
    public void Add_ShouldOpenALaneForEach_WhenMessagesHaveNoKey()
    {
        Add(null, null);

        var (first, second) = (Take(Worker()), Take(Worker()));

        Assert.NotSame(first, second);
        Assert.Equal((1, 1), (first.Count, second.Count));
    }

    [Fact]
    public void Add_ShouldOpenALaneInTheNewPartition_WhenAnEmptiedLaneIsUsedAgain()
    {
        var lane = Finish("a");

        _scheduler.Add(new TestDelivery("b", partition: "7"));
        var next = Take(Worker());

        Assert.Same(lane, next);
        Assert.Equal(("b", "7"), (next.Key, next.Partition));
    }

    [Fact]
    public void Add_ShouldReturnTheDelivery_WhenTheSchedulerIsClosed()
    {
        _scheduler.Close();
        var late = new TestDelivery("a");

        _scheduler.Add(late);

        Assert.Equal((0, 1), (late.Acknowledged, late.Returned));
        Assert.True(_scheduler.TryTake(Worker(), out var lane));
        Assert.Null(lane);
    }

    [Fact]
    public void TryTake_ShouldGiveWhatIsLeft_WhenTheSchedulerIsClosed()
    {
        Add("a");

        _scheduler.Close();

        Assert.Equal("a", Take(Worker()).Key);
        Assert.True(_scheduler.TryTake(Worker(), out var end));
        Assert.Null(end);
    }

    [Fact]
    public void TakeMore_ShouldTakeRunsOfLanesUpToTheMost_WhenTheyBelong()
    {
        var worker = Worker();
        Add("a", "a", "a", "b", "b", "c");
        var batch = Begin(worker);

        _scheduler.TakeMore(worker, batch, most: 4, mostOfLane: 4, static _ => true);

        Assert.Equal(["a", "a", "a", "b"], batch.Select(item => item.Delivery.Envelope.Key));
        Assert.All(batch, item => Assert.Same(worker, item.Lane.Runner));
        Assert.Equal("c", Take(Worker()).Key);
    }

    [Fact]
    public void TakeMore_ShouldTakeOneOfEachLane_WhenThatIsTheMostOfALane()
    {
        var worker = Worker();
        Add("a", "a", "b", "b", "c");
        var batch = Begin(worker);

        _scheduler.TakeMore(worker, batch, most: 10, mostOfLane: 1, static _ => true);

        Assert.Equal(["a", "b", "c"], batch.Select(item => item.Delivery.Envelope.Key));
        Assert.False(_scheduler.TryTake(Worker(), out _));
    }

    [Fact]
    public void TakeMore_ShouldStopAtTheFirstOfALaneThatDoesNotBelong_WhenOthersBehindItWould()
    {
        var worker = Worker();
        Add("a");
        _scheduler.Add(new TestDelivery("a", bytes: 1));
        Add("a");
        _scheduler.Add(new TestDelivery("b", bytes: 1));
        Add("b", "c");
        var batch = Begin(worker);

        _scheduler.TakeMore(worker, batch, most: 10, mostOfLane: 10, static delivery => delivery.Envelope.Body.Length == 0);

        Assert.Equal(["a", "c"], batch.Select(item => item.Delivery.Envelope.Key));
        Assert.Equal(2, batch[0].Lane.Count);
        Assert.Equal("b", Take(Worker()).Key);
    }

    [Fact]
    public void TryPutBack_ShouldLetEachLaneGoOnByItselfInOrder_WhenABatchHasFailed()
    {
        var (worker, other) = (Worker(), Worker());
        var deliveries = Add("a", "a", "b");
        var batch = Begin(worker);
        _scheduler.TakeMore(worker, batch, most: 10, mostOfLane: 10, static _ => true);
        var later = Add("a");
        foreach (var ofLane in batch.GroupBy(item => item.Lane, item => item.Delivery))
        {
            Assert.True(_scheduler.TryPutBack(ofLane.Key, ofLane));
            _scheduler.Release(ofLane.Key);
        }

        var first = Begin(worker);
        _scheduler.TakeMore(worker, first, most: 10, mostOfLane: 10, static _ => true);
        var second = Begin(other);

        Assert.Equal([deliveries[0]], first.Select(item => item.Delivery));
        Assert.Equal([deliveries[2]], second.Select(item => item.Delivery));
        Assert.True(first[0].Lane.IsTakenAlone);
        _scheduler.Release(first[0].Lane);
        Assert.Equal([deliveries[1]], Begin(worker).Select(item => item.Delivery));
        _scheduler.Release(first[0].Lane);
        Assert.Equal(later, Begin(worker).Select(item => item.Delivery));
        Assert.False(first[0].Lane.IsTakenAlone);
    }

    [Fact]
    public void TryPutBack_ShouldRefuseThoseOfARevokedLane_WhenABatchIsCancelledForIt()
    {
        var worker = Worker();
        _scheduler.Add(new TestDelivery("a", partition: "1"));
        _scheduler.Add(new TestDelivery("b", partition: "2"));
        var batch = Begin(worker);
        _scheduler.TakeMore(worker, batch, most: 10, mostOfLane: 10, static _ => true);
        var cancellation = worker.Cancellation;

        var withdrawn = _scheduler.Withdraw(static lane => lane.Partition == "1");
        Assert.Equal([worker], _scheduler.WorkingOn(withdrawn));
        foreach (var source in _scheduler.TakeCancellations(withdrawn))
            source.Cancel();

        Assert.True(cancellation.IsCancellationRequested);
        Assert.False(_scheduler.TryPutBack(batch[0].Lane, [batch[0].Delivery]));
        Assert.True(_scheduler.TryPutBack(batch[1].Lane, [batch[1].Delivery]));
        _scheduler.Release(batch[0].Lane);
        Assert.True(withdrawn.WaitAsync().IsCompletedSuccessfully);
        Assert.Empty(_scheduler.WorkingOn(withdrawn));
        Assert.Empty(_scheduler.TakeCancellations(withdrawn));
        _scheduler.Release(batch[1].Lane);
        Assert.Equal("b", Take(worker).Key);
    }

    [Fact]
    public void Withdraw_ShouldTakeOutWhatWaitsOfThosePartitionsOnly_WhenNobodyWorksOnThem()
    {
        var gone = new[] { new TestDelivery("a", partition: "1"), new TestDelivery("a", partition: "1"), new TestDelivery("b", partition: "1") };
        foreach (var delivery in gone)
            _scheduler.Add(delivery);
        _scheduler.Add(new TestDelivery("c", partition: "2"));

        var withdrawn = _scheduler.Withdraw(static lane => lane.Partition == "1");

        Assert.Equal(gone, withdrawn.Taken);
        Assert.Empty(withdrawn.Busy);
        Assert.True(withdrawn.WaitAsync().IsCompletedSuccessfully);
        Assert.Equal("c", Take(Worker()).Key);
        Assert.False(_scheduler.TryTake(Worker(), out _));
    }

    [Fact]
    public void Withdraw_ShouldEndWhenTheLastRunnerLetsGo_WhenSomeWorkOnTheLanes()
    {
        var (first, second, other) = (Worker(), Worker(), Worker());
        foreach (var (key, partition) in new[] { ("a", "1"), ("b", "1"), ("c", "2") })
            _scheduler.Add(new TestDelivery(key, partition));
        var lanes = new[] { Take(first), Take(second), Take(other) };
        foreach (var lane in lanes)
            _scheduler.TryTakeFirst(lane, out _);
        _scheduler.Add(new TestDelivery("a", partition: "1"));

        var withdrawn = _scheduler.Withdraw(static lane => lane.Partition == "1");

        Assert.Equal([first, second], withdrawn.Busy.Select(static lane => lane.Runner!).OrderBy(worker => worker == second));
        Assert.Equal([true, true, false], lanes.Select(lane => lane.IsWithdrawn));
        Assert.Single(withdrawn.Taken);
        _scheduler.Release(lanes[0]);
        _scheduler.Release(lanes[2]);
        Assert.False(withdrawn.WaitAsync().IsCompleted);
        _scheduler.Release(lanes[1]);
        Assert.True(withdrawn.WaitAsync().IsCompletedSuccessfully);
        Assert.All(lanes, lane => Assert.False(lane.IsWithdrawn));
    }

    [Fact]
    public void Withdraw_ShouldLeaveTheKeyUsable_WhenItsPartitionComesBack()
    {
        _scheduler.Add(new TestDelivery("a", partition: "1"));
        _scheduler.Withdraw(static _ => true);
        var again = new TestDelivery("a", partition: "1");

        _scheduler.Add(again);
        var lane = Take(Worker());

        Assert.False(lane.IsWithdrawn);
        Assert.True(_scheduler.TryTakeFirst(lane, out var delivery));
        Assert.Same(again, delivery);
    }

    [Fact]
    public void Withdraw_ShouldForgetALaneThatNobodyWorksOn_WhenItsKeyComesInAnotherPartition()
    {
        _scheduler.Add(new TestDelivery("a", partition: "1"));
        _scheduler.Withdraw(static _ => true);

        _scheduler.Add(new TestDelivery("a", partition: "2"));

        Assert.Equal("2", Take(Worker()).Partition);
    }

    [Fact]
    public void Withdraw_ShouldLookAtOpenLanesOnly_WhenOthersAreFinished()
    {
        Finish("a");
        var asked = 0;

        _scheduler.Withdraw(_ => ++asked > 0);

        Assert.Equal(0, asked);
    }

    [Fact]
    public void Withdraw_ShouldEnd_WhenOtherLanesAreStillWorkedOn()
    {
        _scheduler.Add(new TestDelivery("a", partition: "1"));
        _scheduler.Add(new TestDelivery("b", partition: "2"));
        var lane = Take(Worker());
        Take(Worker());
        var withdrawn = _scheduler.Withdraw(static lane => lane.Partition == "1");

        _scheduler.Release(lane);

        Assert.True(withdrawn.WaitAsync().IsCompletedSuccessfully);
    }

    private static LaneWorker Worker() => new(new LaneScheduler(), new IdleLaneHandler());

    private TestDelivery[] Add(params string?[] keys)
    {
        var deliveries = keys.Select(key => new TestDelivery(key)).ToArray();
        foreach (var delivery in deliveries)
            _scheduler.Add(delivery);
        return deliveries;
    }

    private Lane Take(LaneWorker worker)
    {
        Assert.True(_scheduler.TryTake(worker, out var lane));
        return Assert.IsType<Lane>(lane);
    }

    private List<LaneDelivery> Begin(LaneWorker worker)
    {
        var lane = Take(worker);
        Assert.True(_scheduler.TryTakeFirst(lane, out var delivery));
        return [new LaneDelivery(lane, delivery)];
    }

    private Lane Finish(string key)
    {
        Add(key);
        var lane = Take(Worker());
        _scheduler.TryTakeFirst(lane, out _);
        _scheduler.Release(lane);
        return lane;
    }
}
