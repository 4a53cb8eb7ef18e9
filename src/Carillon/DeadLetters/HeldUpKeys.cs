namespace Carillon.DeadLetters;

/// <summary>The keys whose later messages must wait behind parked ones, and how many are parked of each.</summary>
internal sealed class HeldUpKeys
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HeldUp> _byKey = new(StringComparer.Ordinal);
    private int _count;

    public bool Contains(string key)
    {
        if (Volatile.Read(ref _count) == 0)
            return false;
        lock (_gate)
            return _byKey.ContainsKey(key);
    }

    /// <summary>The keys of a partition, with their counts.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> In(int partition)
    {
        lock (_gate)
            return [.. _byKey.Where(key => key.Value.Partition == partition).Select(key => KeyValuePair.Create(key.Key, key.Value.Messages))];
    }

    public void Replace(int partition, IReadOnlyDictionary<string, int> counts)
    {
        lock (_gate)
        {
            foreach (var (key, _) in In(partition))
                _byKey.Remove(key);
            foreach (var (key, messages) in counts)
                _byKey[key] = new HeldUp(partition, messages);
            Volatile.Write(ref _count, _byKey.Count);
        }
    }

    public void Set(string key, int partition, int messages)
    {
        lock (_gate)
        {
            if (messages > 0)
                _byKey[key] = new HeldUp(partition, messages);
            else
                _byKey.Remove(key);
            Volatile.Write(ref _count, _byKey.Count);
        }
    }

    public void Increment(string? key, int partition) => Change(key, partition, 1);

    public void Decrement(string? key) => Change(key, 0, -1);

    private void Change(string? key, int partition, int by)
    {
        if (key is null)
            return;
        lock (_gate)
        {
            var known = _byKey.TryGetValue(key, out var heldUp);
            if (known || by > 0)
                Set(key, known ? heldUp.Partition : partition, heldUp.Messages + by);
        }
    }

    private readonly record struct HeldUp(int Partition, int Messages);
}
