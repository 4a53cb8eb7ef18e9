using Carillon.Properties.Tests.Running;
using Carillon.Subscribing;
using FsCheck;
using FsCheck.Fluent;

namespace Carillon.Properties.Tests.Subscribing;

public sealed class ReadyLanesProperties
{
    private const int Patience = 40;

    private static readonly Gen<Priority[][]> _arrivals = Gen.Frequency(
        (1, Gen.Constant(Enum.GetValues<Priority>())),
        (1, Gen.Constant(new[] { Priority.High, Priority.High })),
        (1, Gen.Elements(Enum.GetValues<Priority>()).ArrayOf().Resize(3))).ArrayOf().ScaleSize(size => size * 2);

    /// <summary>However the urgent ones keep coming, no lane that waits is passed by for long by those of other priorities; those of its own take turns.</summary>
    [Fact]
    public void TryTake_ShouldStarveNobody_WhenLanesOfEveryPriorityKeepComing() => Always.Holds(
        _arrivals,
        arrivals =>
        {
            var ready = new ReadyLanes();
            var waiting = Enum.GetValues<Priority>().ToDictionary(priority => priority, _ => new Queue<Lane>());
            var passedBy = Enum.GetValues<Priority>().ToDictionary(priority => priority, _ => 0);
            foreach (var arrival in arrivals)
            {
                foreach (var priority in arrival)
                    Arrive(ready, waiting, priority);
                var isAny = ready.TryTake(out var lane);
                Assert.Equal(waiting.Values.Any(lanes => lanes.Count > 0), isAny);
                if (!isAny)
                    continue;
                var taken = lane!.First.Envelope.Priority;
                Assert.Same(waiting[taken].Dequeue(), lane);
                passedBy[taken] = 0;
                foreach (var other in waiting.Where(other => other.Key != taken))
                    passedBy[other.Key] = other.Value.Count == 0 ? 0 : passedBy[other.Key] + 1;
                Assert.All(passedBy, times => Assert.InRange(times.Value, 0, Patience));
            }
        },
        arrivals => Smaller.Sequences(arrivals, priorities => Smaller.Sequences(priorities)));

    /// <summary>A batch that has not room for all takes the most urgent ones that it wants, and leaves the others in their turn.</summary>
    [Fact]
    public void TakeWhere_ShouldTakeTheMostUrgent_WhenThereIsNotRoomForAll() => Always.Holds(
        from lanes in (from priority in Gen.Elements(Enum.GetValues<Priority>()) from isWanted in Gen.Elements(true, true, false) select (Priority: priority, IsWanted: isWanted)).ArrayOf()
        from room in Gen.Choose(0, 5)
        select (Lanes: lanes, Room: room),
        given =>
        {
            var ready = new ReadyLanes();
            var lanes = given.Lanes.Select(lane => (lane.Priority, lane.IsWanted, Lane: LaneOf(lane.Priority))).ToList();
            foreach (var (_, _, lane) in lanes)
                ready.Add(lane);
            var wanted = lanes.Where(lane => lane.IsWanted).OrderByDescending(lane => lane.Priority).Take(given.Room).Select(lane => lane.Lane).ToList();
            var taken = new List<Lane>();

            ready.TakeWhere(lane => lanes.Single(known => known.Lane == lane).IsWanted, () => taken.Count < given.Room, taken.Add);

            Assert.Equal(wanted, taken);
            foreach (var priority in Enum.GetValues<Priority>())
                Assert.Equal(lanes.Where(lane => lane.Priority == priority && !taken.Contains(lane.Lane)).Select(lane => lane.Lane), Rest(ready, priority));
        },
        given => Smaller.Sequences(given.Lanes).Select(lanes => (lanes, given.Room)));

    private static List<Lane> Rest(ReadyLanes ready, Priority priority)
    {
        var rest = new List<Lane>();
        ready.TakeWhere(lane => lane.First.Envelope.Priority == priority, () => true, rest.Add);
        return rest;
    }

    private static void Arrive(ReadyLanes ready, Dictionary<Priority, Queue<Lane>> waiting, Priority priority)
    {
        var lane = LaneOf(priority);
        ready.Add(lane);
        waiting[priority].Enqueue(lane);
    }

    private static Lane LaneOf(Priority priority)
    {
        var lane = new Lane();
        lane.Add(new NumberedDelivery(0, null, "0", priority));
        return lane;
    }
}
