namespace Carillon.Parking;

/// <summary>
/// The parked messages of one subscription. A message without a key stands alone, as if it had a key of its own. Guarded by the lock of
/// the store.
/// </summary>
internal sealed class ParkedSubscription
{
    // Work that nobody took although it was announced is announced again after this time, not in a busy loop: it may belong to partitions
    // that another instance owns.
    private static readonly TimeSpan _announcementPause = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<(string Partition, string? Key, long Alone), ParkedKey> _keys = [];
    private readonly List<WorkWait> _waits = [];
    private DateTimeOffset _announcedAt = DateTimeOffset.MinValue;
    private bool _isChanged;

    public void Add(ParkedEntry entry)
    {
        var place = PlaceOf(entry);
        if (!_keys.TryGetValue(place, out var key))
            _keys.Add(place, key = new ParkedKey());
        key.Add(entry);
    }

    public void Remove(ParkedEntry entry)
    {
        var place = PlaceOf(entry);
        var key = _keys[place];
        key.Remove(entry);
        if (key.Count == 0)
            _keys.Remove(place);
    }

    public ParkedKey KeyOf(ParkedEntry entry) => _keys[PlaceOf(entry)];

    public IReadOnlyDictionary<string, int> CountByKey(string partition)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (place, key) in _keys)
        {
            if (place.Key is { } text && place.Partition == partition && key.CountBlocking() is > 0 and var count)
                counts.Add(text, count);
        }

        return counts;
    }

    public List<ParkedMessage> Claim(ParkingClaim claim, DateTimeOffset now)
    {
        var due = _keys.Values.SelectMany(key => key.Heads)
            .Where(head => head.ReadyAt <= now && claim.Partitions.Contains(head.Message.Partition))
            .OrderBy(head => head.Message.Due).ThenBy(head => head.Message.Id).Take(claim.Limit).ToList();
        foreach (var entry in due)
            entry.ClaimedUntil = now + claim.Lease;
        return due.ConvertAll(entry => entry.Message);
    }

    /// <summary>What waits in a partition for an instance that can handle it.</summary>
    public List<ParkedEntry> Unhandled(string partition) =>
        [.. _keys.Where(key => key.Key.Partition == partition).SelectMany(key => key.Value.Unhandled)];

    /// <summary>Says that something changed. The waits are to be ended outside the lock.</summary>
    public WorkWait[] Change()
    {
        _isChanged = true;
        WorkWait[] waits = [.. _waits];
        _waits.Clear();
        return waits;
    }

    /// <summary>Whether there is something to claim; if not, waits for a change or for what becomes due next.</summary>
    public bool TryAnnounce(DateTimeOffset now, WorkWait wait, out TimeSpan next)
    {
        var ready = _keys.Values.SelectMany(key => key.Heads).Select(head => head.ReadyAt).ToList();
        var last = ready.Where(at => at <= now).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var isReady = ready.Exists(at => at <= now);
        if (isReady && (_isChanged || last > _announcedAt || now - _announcedAt >= _announcementPause))
        {
            (_isChanged, _announcedAt, next) = (false, now, TimeSpan.Zero);
            return true;
        }

        var soon = ready.Where(at => at > now).DefaultIfEmpty(DateTimeOffset.MaxValue).Min() - now;
        next = isReady && soon > _announcementPause ? _announcementPause : soon;
        _waits.Add(wait);
        return false;
    }

    /// <summary>A wait is over.</summary>
    public void Forget(WorkWait wait) => _waits.Remove(wait);

    private static (string Partition, string? Key, long Alone) PlaceOf(ParkedEntry entry) =>
        entry.Message.Envelope.Key is { } key ? (entry.Message.Partition, key, 0) : (entry.Message.Partition, null, entry.Message.Id);
}
