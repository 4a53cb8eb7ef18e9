using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>
/// Messages that the transport delivers although they are parked, or were and are finished: an earlier owner of their partition parked them and ended before
/// the transport knew. Once the parked message is on its way to its handler, its copy is not handled as well.
/// </summary>
internal sealed class ParkedCopies
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (AssignedPartition Assignment, long ParkedUpTo, HashSet<long> Positions)> _byPartition = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Told of each message that is finished and of which the transport may still have a copy: its partition and position.</summary>
    public Action<string, long>? Finished { get; set; }

    /// <summary>Begins with a partition that was taken over.</summary>
    public void Open(AssignedPartition assignment, long parkedUpTo)
    {
        lock (_gate)
        {
            if (assignment.ReadAfter is not null)
                _byPartition.TryAdd(assignment.Partition, (assignment, parkedUpTo, []));
        }
    }

    /// <summary>Forgets a partition.</summary>
    public void Close(string partition)
    {
        lock (_gate)
        {
            if (_byPartition.Remove(partition, out var known))
                Volatile.Write(ref _count, _count - known.Positions.Count);
        }
    }

    /// <summary>A parked message is put into its lane. What the transport delivers of it from now on comes behind it, or is there already and waits.</summary>
    public void Expect(ParkedMessage message)
    {
        lock (_gate)
        {
            if (message.Position is { } position && _byPartition.TryGetValue(message.Partition, out var known)
                && message.Id <= known.ParkedUpTo && position > known.Assignment.ReadAfter && known.Positions.Add(position))
                Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>A parked message is finished and its store knows it. Where a copy of it is still expected, the transport hears of that.</summary>
    public void Finish(ParkedMessage message)
    {
        if (Volatile.Read(ref _count) == 0 || message.Position is not { } position)
            return;
        lock (_gate)
        {
            if (!_byPartition.TryGetValue(message.Partition, out var known) || !known.Positions.Contains(position))
                return;
        }

        Finished?.Invoke(message.Partition, position);
    }

    /// <summary>Whether a delivery is such a copy.</summary>
    public bool Contains(Delivery delivery)
    {
        if (Volatile.Read(ref _count) == 0 || delivery is ParkedDelivery || delivery.Position is not { } position)
            return false;
        lock (_gate)
            return _byPartition.TryGetValue(delivery.Partition, out var known) && known.Positions.Contains(position);
    }

    /// <summary>Whether a delivery is such a copy. It is expected no longer then.</summary>
    public bool Take(Delivery delivery)
    {
        if (Volatile.Read(ref _count) == 0 || delivery is ParkedDelivery || delivery.Position is not { } position)
            return false;
        lock (_gate)
        {
            if (!_byPartition.TryGetValue(delivery.Partition, out var known) || !known.Positions.Remove(position))
                return false;
            Volatile.Write(ref _count, _count - 1);
            return true;
        }
    }
}
