using Carillon.Subscribing;

namespace Carillon.Properties.Tests.Subscribing;

/// <summary>A walk through a scheduler beside its model: for each key a queue of numbers, and nothing else.</summary>
internal sealed class LaneWalk
{
    private const int Seats = 3;
    private static readonly string[] _partitions = ["0", "1"];
    private readonly LaneScheduler _scheduler = new();
    private readonly WorkerSeat[] _seats;
    private readonly Dictionary<string, Queue<int>> _waiting = [];
    private readonly List<NumberedDelivery> _added = [];
    private readonly HashSet<int> _left = [];
    private readonly List<(WithdrawnLanes Lanes, string Partition)> _withdrawn = [];
    private bool _isClosed;

    public LaneWalk() => _seats = [.. Enumerable.Range(0, Seats).Select(_ => new WorkerSeat(_scheduler))];

    public void Take(LaneStep step)
    {
        switch (step.Act)
        {
            case LaneAct.Add:
                Add(step.One, (Priority)(step.Other % 3));
                break;
            case LaneAct.Go:
                Go(_seats[step.One % Seats], step.Other);
                break;
            case LaneAct.TakeMore:
                TakeMore(_seats[step.One % Seats], 2 + (step.Other % 4), 1 + (step.Other % 2));
                break;
            case LaneAct.Revoke:
                Revoke(_partitions[step.One % _partitions.Length]);
                break;
            default:
                _scheduler.Close();
                _isClosed = true;
                break;
        }

        Look();
    }

    /// <summary>Lets everybody go on until nothing is left, and sees that every delivery has left the scheduler once.</summary>
    public void Finish()
    {
        Take(new LaneStep(LaneAct.Close, 0, 0));
        for (var turns = (_added.Count + Seats) * 4; _seats.Any(seat => !seat.HasEnded); turns--)
        {
            Assert.True(turns > 0, "workers go on and on, although nothing is left");
            foreach (var seat in _seats)
            {
                Go(seat, 0);
                Look();
            }
        }

        Assert.Equal(_added.Where(delivery => !delivery.IsReturned).Select(delivery => delivery.Number), _left.Order());
        Assert.All(_withdrawn, withdrawn => Assert.True(withdrawn.Lanes.WaitAsync().IsCompleted, "a withdrawal did not end"));
    }

    // A message without a key is alone: its number is its key.
    private static string KeyOf(NumberedDelivery delivery) => delivery.Envelope.Key ?? $"#{delivery.Number}";

    private void Add(int key, Priority priority)
    {
        var delivery = new NumberedDelivery(_added.Count, key < 6 ? $"key-{key}" : null, _partitions[key % _partitions.Length], priority);
        _added.Add(delivery);
        if (!_isClosed)
            QueueOf(delivery).Enqueue(delivery.Number);
        _scheduler.Add(delivery);
        Assert.Equal(_isClosed, delivery.IsReturned);
    }

    private void Go(WorkerSeat seat, int which)
    {
        if (seat.HasEnded || seat.IsWaiting)
            return;
        if (seat.Running.Count > 0)
        {
            var lane = seat.Running[which % seat.Running.Count].Lane;
            seat.Running.RemoveAll(item => item.Lane == lane);
            _scheduler.Release(lane);
        }
        else if (seat.Lane is { } lane)
        {
            seat.Lane = null;
            if (_scheduler.TryTakeFirst(lane, out var delivery))
                Run(seat, new LaneDelivery(lane, delivery));
            else
                _scheduler.Release(lane);
        }
        else
        {
            seat.Look();
        }
    }

    private void TakeMore(WorkerSeat seat, int most, int mostOfLane)
    {
        if (seat.Running.Count != 1)
            return;
        var batch = new List<LaneDelivery>(seat.Running);
        _scheduler.TakeMore(seat.Worker!, batch, most, mostOfLane, delivery => delivery.Envelope.Priority != Priority.Low);
        Assert.InRange(batch.Count, 1, most);
        Assert.All(batch.CountBy(item => item.Lane), lane => Assert.InRange(lane.Value, 1, mostOfLane));
        Assert.All(batch.Skip(1), item => Assert.NotEqual(Priority.Low, item.Delivery.Envelope.Priority));
        foreach (var item in batch.Skip(1))
            Run(seat, item);
    }

    private void Revoke(string partition)
    {
        var withdrawn = _scheduler.Withdraw(lane => lane.Partition == partition);
        _withdrawn.Add((withdrawn, partition));
        var expected = _added.Where(delivery => !delivery.IsReturned && delivery.Partition == partition && QueueOf(delivery).Contains(delivery.Number)).ToList();
        Assert.Equal(expected.Select(delivery => delivery.Number), withdrawn.Taken.Cast<NumberedDelivery>().Select(delivery => delivery.Number).Order());
        foreach (var delivery in withdrawn.Taken.Cast<NumberedDelivery>())
            Leave(delivery);
        Assert.Equal(_seats.Where(seat => Works(seat, partition)).Select(seat => seat.Worker!).ToHashSet(), withdrawn.Busy.Select(static lane => lane.Runner!).ToHashSet());
    }

    private void Run(WorkerSeat seat, LaneDelivery item)
    {
        var delivery = (NumberedDelivery)item.Delivery;
        Assert.DoesNotContain(_seats.Where(other => other != seat).SelectMany(other => other.Running), other => KeyOf((NumberedDelivery)other.Delivery) == KeyOf(delivery));
        Leave(delivery);
        seat.Running.Add(item);
    }

    /// <summary>A delivery leaves the scheduler: the first of its key, and no other time.</summary>
    private void Leave(NumberedDelivery delivery)
    {
        Assert.Equal(QueueOf(delivery).Dequeue(), delivery.Number);
        Assert.True(_left.Add(delivery.Number), $"{delivery.Number} was handed out twice");
    }

    /// <summary>What holds after every step: nobody waits in vain, no lane has two workers, and withdrawals end when they should and not before.</summary>
    private void Look()
    {
        foreach (var seat in _seats)
            seat.Wake();
        var lanes = _seats.SelectMany(seat => seat.Lanes).ToList();
        Assert.Equal(lanes.Count, lanes.Distinct().Count());
        if (_seats.Any(seat => seat.IsWaiting))
        {
            Assert.False(_isClosed, "a worker waits although the scheduler is closed");
            var busy = lanes.Select(lane => lane.Key).ToHashSet();
            Assert.DoesNotContain(_waiting, queue => queue.Value.Count > 0 && !busy.Contains(queue.Key) && !lanes.Any(lane => lane.Key is null && lane.Count > 0 && $"#{((NumberedDelivery)lane.First).Number}" == queue.Key));
        }

        foreach (var (_, partition) in _withdrawn.Where(withdrawn => !withdrawn.Lanes.WaitAsync().IsCompleted))
            Assert.True(_seats.Any(seat => Works(seat, partition)), "nobody works on the lanes any more, but their withdrawal has not ended");
        _withdrawn.RemoveAll(withdrawn => withdrawn.Lanes.WaitAsync().IsCompleted);
    }

    private static bool Works(WorkerSeat seat, string partition) => seat.Lanes.Any(lane => lane.Partition == partition);

    private Queue<int> QueueOf(NumberedDelivery delivery)
    {
        if (!_waiting.TryGetValue(KeyOf(delivery), out var queue))
            _waiting.Add(KeyOf(delivery), queue = new Queue<int>());
        return queue;
    }
}
