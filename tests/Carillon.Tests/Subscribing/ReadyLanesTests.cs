using Carillon.Parking;
using Carillon.Subscribing;

namespace Carillon.Tests.Subscribing;

public sealed class ReadyLanesTests
{
    [Fact]
    public void TryTake_ShouldGiveTheMostUrgentFirst_WhenSeveralWait()
    {
        var ready = new ReadyLanes();
        foreach (var priority in new[] { Priority.Low, Priority.High, Priority.Normal, Priority.High })
            ready.Add(Lane(priority));

        Assert.Equal([Priority.High, Priority.High, Priority.Normal, Priority.Low], Enumerable.Range(0, 4).Select(_ => Take(ready)));
    }

    [Fact]
    public void TryTake_ShouldLetLessUrgentThroughNowAndThen_WhenUrgentOnesKeepComing()
    {
        var ready = new ReadyLanes();
        ready.Add(Lane(Priority.Low));
        for (var i = 0; i < 100; i++)
            ready.Add(Lane(Priority.High));

        Assert.Contains(Priority.Low, Enumerable.Range(0, 20).Select(_ => Take(ready)));
    }

    [Fact]
    public void TryTake_ShouldLetNormalOnesThrough_WhenUrgentAndLowOnesKeepComing()
    {
        var ready = new ReadyLanes();
        ready.Add(Lane(Priority.Normal));
        for (var i = 0; i < 100; i++)
        {
            ready.Add(Lane(Priority.High));
            ready.Add(Lane(Priority.Low));
        }

        Assert.Contains(Priority.Normal, Enumerable.Range(0, 20).Select(_ => Take(ready)));
    }

    [Fact]
    public void TakeWhere_ShouldTakeTheMostUrgent_WhenThereIsNotRoomForAll()
    {
        var ready = new ReadyLanes();
        foreach (var priority in new[] { Priority.Low, Priority.High, Priority.Normal })
            ready.Add(Lane(priority));
        var taken = new List<Priority>();

        ready.TakeWhere(static _ => true, () => taken.Count < 2, lane => taken.Add(lane.First.Envelope.Priority));

        Assert.Equal([Priority.High, Priority.Normal], taken);
    }

    [Fact]
    public void TakeWhere_ShouldLeaveOthersInTheirTurn_WhenTheyAreNotWanted()
    {
        var ready = new ReadyLanes();
        var lanes = new[] { Lane(Priority.Normal), Lane(Priority.Normal), Lane(Priority.Normal) };
        foreach (var lane in lanes)
            ready.Add(lane);
        var taken = new List<Lane>();

        ready.TakeWhere(lane => lane == lanes[1], () => taken.Count < 1, taken.Add);

        Assert.True(ready.TryTake(out var next));
        Assert.Same(lanes[0], next);
    }

    [Fact]
    public void TryTake_ShouldTakeTurns_WhenLanesAreEquallyUrgent()
    {
        var ready = new ReadyLanes();
        var lanes = new[] { Lane(Priority.Normal), Lane(Priority.Normal), Lane(Priority.Normal) };
        foreach (var lane in lanes)
            ready.Add(lane);

        foreach (var expected in lanes)
        {
            Assert.True(ready.TryTake(out var lane));
            Assert.Same(expected, lane);
        }

        Assert.False(ready.TryTake(out _));
    }

    [Fact]
    public void TryTake_ShouldLetALessUrgentOneThroughAfterFifteen_WhenItWaitsAsLong()
    {
        var ready = new ReadyLanes();
        foreach (var priority in new[] { Priority.Low, Priority.Normal })
            ready.Add(Lane(priority));
        for (var i = 0; i < 100; i++)
            ready.Add(Lane(Priority.High));

        var taken = Enumerable.Range(0, 40).Select(_ => Take(ready)).ToList();

        Assert.Equal([15, 16], taken.Index().Where(item => item.Item != Priority.High).Select(item => item.Index));
        Assert.Equal((Priority.Normal, Priority.Low), (taken[15], taken[16]));
    }

    [Fact]
    public void TryTake_ShouldGiveUrgentOnesOnly_WhenNothingElseWaitedMeanwhile()
    {
        var ready = new ReadyLanes();
        for (var i = 0; i < 40; i++)
            ready.Add(Lane(Priority.High));
        for (var i = 0; i < 20; i++)
            Assert.Equal(Priority.High, Take(ready));
        ready.Add(Lane(Priority.Low));

        Assert.All(Enumerable.Range(0, 15), _ => Assert.Equal(Priority.High, Take(ready)));
        Assert.Equal(Priority.Low, Take(ready));
    }

    [Fact]
    public void TakeWhere_ShouldTakeEachOnceInOrderAndLeaveTheOthersInTheirs_WhenSomeAreWanted()
    {
        var ready = new ReadyLanes();
        var lanes = new[] { Lane(Priority.Low), Lane(Priority.Normal), Lane(Priority.Normal), Lane(Priority.Normal), Lane(Priority.High) };
        foreach (var lane in lanes)
            ready.Add(lane);
        var taken = new List<Lane>();

        ready.TakeWhere(lane => lane != lanes[1] && lane != lanes[4], () => taken.Count < 3, taken.Add);

        Assert.Equal([lanes[2], lanes[3], lanes[0]], taken);
        Assert.True(ready.TryTake(out var urgent));
        Assert.True(ready.TryTake(out var left));
        Assert.Equal([lanes[4], lanes[1]], [urgent, left]);
        Assert.False(ready.TryTake(out _));
    }

    [Fact]
    public void TakeWhere_ShouldTakeNoMore_WhenThereIsNoRoom()
    {
        var ready = new ReadyLanes();
        var lanes = new[] { Lane(Priority.Normal), Lane(Priority.Normal), Lane(Priority.High) };
        foreach (var lane in lanes)
            ready.Add(lane);
        var taken = new List<Lane>();

        ready.TakeWhere(static _ => true, () => taken.Count < 1, taken.Add);

        Assert.Equal([lanes[2]], taken);
        Assert.Equal(Priority.Normal, Take(ready));
        Assert.Equal(Priority.Normal, Take(ready));
    }

    [Fact]
    public void Remove_ShouldLeaveTheOthersInTheirOrder_WhenSomeAreUnwanted()
    {
        var ready = new ReadyLanes();
        var lanes = new[] { Lane(Priority.Normal), Lane(Priority.Normal), Lane(Priority.Normal), Lane(Priority.High) };
        foreach (var lane in lanes)
            ready.Add(lane);

        ready.Remove(lane => lane == lanes[0] || lane == lanes[3]);

        Assert.True(ready.TryTake(out var first));
        Assert.True(ready.TryTake(out var second));
        Assert.Equal([lanes[1], lanes[2]], [first, second]);
        Assert.False(ready.TryTake(out _));
    }

    private static Priority Take(ReadyLanes ready)
    {
        Assert.True(ready.TryTake(out var lane));
        return lane!.First.Envelope.Priority;
    }

    private static Lane Lane(Priority priority)
    {
        var lane = new Lane();
        lane.Open("0", null);
        lane.Add(new ParkedDelivery(
            new ParkedMessage
            {
                Subscription = "s",
                Envelope = new Envelope { Priority = priority },
                Partition = "0",
                Position = 1,
                State = ParkedState.Scheduled,
                ParkedAt = DateTimeOffset.UnixEpoch,
            },
            new ParkedRun(static _ => { })));
        return lane;
    }
}
