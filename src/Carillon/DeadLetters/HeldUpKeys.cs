namespace Carillon.DeadLetters;

/// <summary>The keys of each partition whose later messages must wait behind parked ones, and how many are parked of each.</summary>
internal sealed class HeldUpKeys
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, int>> _byPartition = new(StringComparer.Ordinal);
    private int _count;

    public bool Contains(string partition, string key)
    {
        if (Volatile.Read(ref _count) == 0)
            return false;
        lock (_gate)
            return _byPartition.TryGetValue(partition, out var keys) && keys.ContainsKey(key);
    }

    /// <summary>The keys of a partition, with their counts.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> In(string partition)
    {
        lock (_gate)
            return _byPartition.TryGetValue(partition, out var keys) ? [.. keys] : [];
    }

    public void Replace(string partition, IReadOnlyDictionary<string, int> counts)
    {
        lock (_gate)
        {
            _byPartition[partition] = new Dictionary<string, int>(counts, StringComparer.Ordinal);
            Count();
        }
    }

    public void Set(string partition, string key, int messages)
    {
        lock (_gate)
        {
            var keys = KeysOf(partition);
            if (messages > 0)
                keys[key] = messages;
            else
                keys.Remove(key);
            Count();
        }
    }

    public void Increment(string partition, string? key) => Change(partition, key, 1);

    public void Decrement(string partition, string? key) => Change(partition, key, -1);

    private void Change(string partition, string? key, int by)
    {
        if (key is null)
            return;
        lock (_gate)
            Set(partition, key, KeysOf(partition).GetValueOrDefault(key) + by);
    }

    private Dictionary<string, int> KeysOf(string partition)
    {
        if (!_byPartition.TryGetValue(partition, out var keys))
            _byPartition.Add(partition, keys = new Dictionary<string, int>(StringComparer.Ordinal));
        return keys;
    }

    private void Count() => Volatile.Write(ref _count, _byPartition.Values.Sum(keys => keys.Count));
}
