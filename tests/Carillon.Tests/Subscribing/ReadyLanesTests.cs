using Carillon.DeadLetters;
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

    private static Priority Take(ReadyLanes ready)
    {
        Assert.True(ready.TryTake(out var lane));
        return lane!.First.Envelope.Priority;
    }

    private static Lane Lane(Priority priority)
    {
        var lane = new Lane();
        lane.Open(null, 0);
        lane.Add(new ParkedDelivery(
            new ParkedMessage
            {
                Subscription = "s",
                Envelope = new Envelope { Priority = priority },
                Partition = 0,
                Position = 1,
                State = ParkedState.Scheduled,
                ParkedAt = DateTimeOffset.UnixEpoch,
            },
            (_, _) => { }));
        return lane;
    }
}
