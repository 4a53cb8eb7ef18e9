namespace Carillon.Subscribing;

/// <summary>
/// The lanes that wait for a worker, the most urgent first, those of one priority in turn. Now and then a less urgent lane goes first,
/// so that none starves.
/// </summary>
internal sealed class ReadyLanes
{
    private const int UrgentInARow = 15;

    private readonly Queue<Lane>[] _byPriority = [new(), new(), new()];

    // How many more urgent lanes went first since one of the priority did.
    private readonly int[] _passedBy = new int[3];

    public void Add(Lane lane) => _byPriority[PriorityOf(lane)].Enqueue(lane);

    public bool TryTake(out Lane? lane)
    {
        var next = Next();
        if (next < 0)
        {
            lane = null;
            return false;
        }

        lane = _byPriority[next].Dequeue();
        _passedBy[next] = 0;
        for (var lower = 0; lower < next; lower++)
            _passedBy[lower] = _byPriority[lower].Count > 0 ? _passedBy[lower] + 1 : 0;
        return true;
    }

    /// <summary>Takes lanes that meet a condition, the most urgent first, until it says stop by having no more room. The others keep their turn.</summary>
    public void TakeWhere(Func<Lane, bool> isWanted, Func<bool> hasRoom, Action<Lane> take)
    {
        for (var priority = _byPriority.Length - 1; priority >= 0; priority--)
            TakeWhere(_byPriority[priority], isWanted, hasRoom, take);
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

    private static void TakeWhere(Queue<Lane> queue, Func<Lane, bool> isWanted, Func<bool> hasRoom, Action<Lane> take)
    {
        var isInTurn = true;
        for (var left = queue.Count; left > 0; left--)
        {
            var isFull = !hasRoom();
            if (isFull && isInTurn)
                return;
            var lane = queue.Dequeue();
            if (!isFull && isWanted(lane))
            {
                take(lane);
                continue;
            }

            queue.Enqueue(lane);
            isInTurn = false;
        }
    }

    /// <summary>The most urgent priority, or the one that was passed by most when that was too often; -1 when nothing waits.</summary>
    private int Next()
    {
        var next = -1;
        for (var priority = _byPriority.Length - 1; priority >= 0; priority--)
        {
            if (_byPriority[priority].Count > 0 && (next < 0 || (_passedBy[priority] >= UrgentInARow && _passedBy[priority] > _passedBy[next])))
                next = priority;
        }

        return next;
    }

    private static int PriorityOf(Lane lane) => Math.Clamp((int)lane.First.Envelope.Priority, 0, 2);
}
