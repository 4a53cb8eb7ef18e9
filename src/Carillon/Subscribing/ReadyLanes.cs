namespace Carillon.Subscribing;

/// <summary>
/// The lanes that wait for a worker, the most urgent first, those of one priority in turn. Now and then a less urgent lane goes first,
/// so that none starves.
/// </summary>
internal sealed class ReadyLanes
{
    private const int UrgentInARow = 15;

    private readonly Queue<Lane>[] _byPriority = [new(), new(), new()];
    private int _urgentTaken;

    public void Add(Lane lane) => _byPriority[PriorityOf(lane)].Enqueue(lane);

    public bool TryTake(out Lane? lane)
    {
        if (_urgentTaken >= UrgentInARow && TryTakeFrom(lowestFirst: true, out lane))
        {
            _urgentTaken = 0;
            return true;
        }

        return TryTakeFrom(lowestFirst: false, out lane);
    }

    /// <summary>Takes lanes that meet a condition, each one at most once, until it says stop by taking no more.</summary>
    public void TakeWhere(Func<Lane, bool> isWanted, Func<bool> hasRoom, Action<Lane> take)
    {
        foreach (var queue in _byPriority)
        {
            for (var left = queue.Count; left > 0 && hasRoom(); left--)
            {
                var lane = queue.Dequeue();
                if (isWanted(lane))
                    take(lane);
                else
                    queue.Enqueue(lane);
            }
        }
    }

    public void Remove(Predicate<Lane> isUnwanted)
    {
        foreach (var queue in _byPriority)
        {
            for (var left = queue.Count; left > 0; left--)
            {
                var lane = queue.Dequeue();
                if (!isUnwanted(lane))
                    queue.Enqueue(lane);
            }
        }
    }

    private bool TryTakeFrom(bool lowestFirst, out Lane? lane)
    {
        for (var step = 0; step < _byPriority.Length; step++)
        {
            var priority = lowestFirst ? step : _byPriority.Length - 1 - step;
            if (!_byPriority[priority].TryDequeue(out lane))
                continue;
            _urgentTaken = HasLessUrgent(priority) ? _urgentTaken + 1 : 0;
            return true;
        }

        lane = null;
        return false;
    }

    private bool HasLessUrgent(int priority)
    {
        for (var lower = 0; lower < priority; lower++)
        {
            if (_byPriority[lower].Count > 0)
                return true;
        }

        return false;
    }

    private static int PriorityOf(Lane lane) => Math.Clamp((int)lane.First.Envelope.Priority, 0, 2);
}
