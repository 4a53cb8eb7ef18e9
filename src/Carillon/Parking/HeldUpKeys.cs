namespace Carillon.Parking;

/// <summary>
/// The keys whose later messages must wait behind parked ones, by partition, as the store has told it. It counts nothing by itself. A key that is here and
/// free in the store does no harm: whoever parks behind nothing is told so.
/// </summary>
internal sealed class HeldUpKeys
{
    private readonly Lock _gate = new();

    // Of each key the number of the replay that holds it up, as far as it is one: only an answer that knows of it may free the key.
    private readonly Dictionary<string, Dictionary<string, long>> _byPartition = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>How many keys there are.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool Contains(string partition, string key)
    {
        if (Count == 0)
            return false;
        lock (_gate)
            return _byPartition.TryGetValue(partition, out var keys) && keys.ContainsKey(key);
    }

    /// <summary>Begins with a partition: from now on its keys are known.</summary>
    public void Open(string partition)
    {
        lock (_gate)
            _byPartition.TryAdd(partition, new Dictionary<string, long>(StringComparer.Ordinal));
    }

    /// <summary>Forgets a partition.</summary>
    public void Close(string partition)
    {
        lock (_gate)
        {
            if (_byPartition.Remove(partition, out var keys))
                Volatile.Write(ref _count, _count - keys.Count);
        }
    }

    /// <summary>A key is held up.</summary>
    /// <param name="partition">The partition; nothing happens when it is not open.</param>
    /// <param name="key">The key.</param>
    /// <param name="replay">The number of the replay that holds it up; 0 for none.</param>
    public void Add(string partition, string key, long replay = 0)
    {
        lock (_gate)
        {
            if (!_byPartition.TryGetValue(partition, out var keys))
                return;
            keys[key] = Math.Max(replay, keys.GetValueOrDefault(key));
            CountAnew();
        }
    }

    /// <summary>The store has told what is left of some keys of a partition.</summary>
    public void Follow(string partition, ParkingAnswer answer)
    {
        lock (_gate)
        {
            if (!_byPartition.TryGetValue(partition, out var keys))
                return;
            foreach (var (key, isHeldUp) in answer.HeldUp)
            {
                if (isHeldUp)
                    keys.TryAdd(key, 0);
                else if (keys.TryGetValue(key, out var replay) && replay <= answer.Replays)
                    keys.Remove(key);
            }

            CountAnew();
        }
    }

    private void CountAnew() => Volatile.Write(ref _count, _byPartition.Values.Sum(static keys => keys.Count));
}
