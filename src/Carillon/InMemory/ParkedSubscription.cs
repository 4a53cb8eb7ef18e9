using Carillon.Parking;

namespace Carillon.InMemory;

/// <summary>The parked messages of one subscription. Guarded by the lock of the store.</summary>
internal sealed class ParkedSubscription
{
    private readonly Dictionary<string, ParkedPartition> _partitions = new(StringComparer.Ordinal);
    private readonly SortedDictionary<long, ParkedEntry> _replayed = [];
    private readonly List<WorkWait> _waits = [];

    /// <summary>The number of the last replay.</summary>
    public long Replays { get; private set; }

    public ParkedPartition Of(string partition)
    {
        if (!_partitions.TryGetValue(partition, out var parked))
            _partitions.Add(partition, parked = new ParkedPartition());
        return parked;
    }

    public void Add(ParkedEntry entry)
    {
        Of(entry.Message.Partition).Add(entry);
        if (entry.Replay > 0)
            _replayed[entry.Replay] = entry;
    }

    public void Remove(ParkedEntry entry)
    {
        Of(entry.Message.Partition).Remove(entry);
        _replayed.Remove(entry.Replay);
    }

    public long NextReplay() => ++Replays;

    public IReadOnlyList<ReplayedKey> ReadReplays(long after, int limit) =>
    [
        .. _replayed.SkipWhile(replay => replay.Key <= after).Where(static replay => replay.Value is { IsPassable: false, Message.Envelope.Key: not null })
            .Take(limit).Select(static replay => new ReplayedKey(replay.Value.Message.Partition, replay.Value.Message.Envelope.Key!, replay.Key)),
    ];

    /// <summary>When something can be claimed in one of these partitions; null for never.</summary>
    public DateTimeOffset? NextOf(IReadOnlyCollection<string> partitions) => partitions.Min(partition => Of(partition).Next);

    public void Hasten(DateTimeOffset now, TimeSpan tolerance)
    {
        foreach (var partition in _partitions.Values)
            partition.Hasten(now, tolerance);
    }

    /// <summary>Takes all partitions from their owners.</summary>
    public void Disown()
    {
        foreach (var partition in _partitions.Values)
            partition.Disown();
    }

    /// <summary>A wait begins.</summary>
    public WorkWait Wait()
    {
        var wait = new WorkWait();
        _waits.Add(wait);
        return wait;
    }

    /// <summary>A wait is over.</summary>
    public void Forget(WorkWait wait) => _waits.Remove(wait);

    /// <summary>Says that something changed. The waits are to be ended outside the lock.</summary>
    public WorkWait[] Change()
    {
        WorkWait[] waits = [.. _waits];
        _waits.Clear();
        return waits;
    }
}
