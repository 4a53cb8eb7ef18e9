using Carillon.Parking;

namespace Carillon.InMemory;

/// <summary>The parked messages of one partition of a subscription. Guarded by the lock of the store.</summary>
internal sealed class ParkedPartition
{
    private readonly Dictionary<string, ParkedKey> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<long, ParkedKey> _withoutKey = [];
    private readonly SortedSet<ParkedEntry> _offered = new(ParkedOrder.OfTime);
    private readonly HashSet<ParkedEntry> _claimed = [];
    private readonly Dictionary<(string? Source, EventId Id), HashSet<long>> _starts = [];
    private long? _fence;

    /// <summary>Which owner the partition has had: 0 for none.</summary>
    public long Epoch { get; private set; }

    /// <summary>When something can be claimed; null for never.</summary>
    public DateTimeOffset? Next => _offered.Min?.Due;

    /// <summary>The keys that are held up.</summary>
    public IEnumerable<string> HeldUp => _keys.Where(static key => key.Value.First is not null).Select(static key => key.Key);

    /// <summary>Gives the partition to another owner; false when a later one has it.</summary>
    public bool TryTakeOver(long? fence)
    {
        if (fence < _fence)
            return false;
        _fence = fence ?? _fence;
        Epoch++;
        foreach (var entry in _claimed.ToArray())
            Free(entry);
        return true;
    }

    /// <summary>How many owners other than the one with that epoch have begun with a message and not ended.</summary>
    public int CountStarts(in Envelope message, long exceptFor) =>
        _starts.TryGetValue((message.Source, message.Id), out var epochs) ? epochs.Count(epoch => epoch != exceptFor) : 0;

    /// <summary>Notes that the present owner is about to handle a message.</summary>
    public void NoteStart(in Envelope message)
    {
        if (!_starts.TryGetValue((message.Source, message.Id), out var epochs))
            _starts.Add((message.Source, message.Id), epochs = []);
        epochs.Add(Epoch);
    }

    /// <summary>Removes all such notes about a message.</summary>
    public void RemoveStarts(in Envelope message) => _starts.Remove((message.Source, message.Id));

    /// <summary>Removes the note of one owner about a message.</summary>
    public void RemoveStart(in Envelope message, long epoch)
    {
        if (_starts.TryGetValue((message.Source, message.Id), out var epochs) && epochs.Remove(epoch) && epochs.Count == 0)
            _starts.Remove((message.Source, message.Id));
    }

    /// <summary>Takes the partition from its owner. Whoever comes next may count fences anew.</summary>
    public void Disown()
    {
        (_fence, Epoch) = (null, Epoch + 1);
        _starts.Clear();
    }

    public bool IsHeldUp(string key) => _keys.TryGetValue(key, out var parked) && parked.First is not null;

    /// <summary>What waits for an instance that can handle it.</summary>
    public List<ParkedEntry> Unhandled => [.. _withoutKey.Values.SelectMany(static key => key.Entries).Where(static entry => entry.IsUnhandled)];

    public int CountWaiting(ParkedEntry dead) => KeyOf(dead)?.CountWaiting(dead) ?? 0;

    public void Add(ParkedEntry entry)
    {
        if (entry is { IsPassable: true, StandsAlone: false })
            return;
        var key = KeyOf(entry);
        if (key is null && !entry.StandsAlone)
            _keys.Add(entry.Message.Envelope.Key!, key = new ParkedKey());
        else if (key is null)
            _withoutKey.Add(entry.Message.Id, key = new ParkedKey());
        key.Add(entry);
        Offer(key);
    }

    public void Remove(ParkedEntry entry)
    {
        if (KeyOf(entry) is not { } key)
            return;
        if (entry is { IsPassable: true, StandsAlone: false })
            return;
        _claimed.Remove(entry);
        Withdraw(key);
        key.Remove(entry);
        Offer(key);
        if (key.First is not null)
            return;
        if (entry.StandsAlone)
            _withoutKey.Remove(entry.Message.Id);
        else
            _keys.Remove(entry.Message.Envelope.Key!);
    }

    /// <summary>The first messages of keys that are due, the longest due first.</summary>
    public IEnumerable<ParkedEntry> Due(DateTimeOffset now) => _offered.TakeWhile(entry => entry.Due <= now);

    /// <summary>Takes the first message of a key, with what is due behind it.</summary>
    public List<ParkedMessage> Claim(ParkedEntry head, DateTimeOffset now, int most, ClaimRoom room)
    {
        var key = KeyOf(head)!;
        Withdraw(key);
        head.IsClaimed = _claimed.Add(head);
        var run = new List<ParkedMessage> { head.Message };
        foreach (var entry in key.Entries.Skip(1).TakeWhile(entry => entry.Message.State == ParkedState.Scheduled && entry.Due <= now))
        {
            if (run.Count >= most || run[^1].Attempts.Count > 0 || !room.TryTake(entry))
                break;
            run.Add(entry.Message);
        }

        return run;
    }

    /// <summary>A claim is over, whoever had it.</summary>
    public void Free(ParkedEntry entry)
    {
        entry.IsClaimed = false;
        _claimed.Remove(entry);
        if (KeyOf(entry) is { } key)
            Offer(key);
    }

    /// <summary>The clock went back: what was to wait from a later time on is due at once, because nobody knows how much of its time is over.</summary>
    public void Hasten(DateTimeOffset now, TimeSpan tolerance)
    {
        foreach (var key in _keys.Values.Concat(_withoutKey.Values).ToArray())
        {
            Withdraw(key);
            foreach (var entry in key.Entries.Where(entry => entry.Since > now + tolerance))
                entry.Hasten(now);
            Offer(key);
        }
    }

    private ParkedKey? KeyOf(ParkedEntry entry) =>
        entry.StandsAlone ? _withoutKey.GetValueOrDefault(entry.Message.Id) : _keys.GetValueOrDefault(entry.Message.Envelope.Key!);

    private void Offer(ParkedKey key)
    {
        Withdraw(key);
        if (key.Claimable is { } claimable)
            _offered.Add(key.Offered = claimable);
    }

    private void Withdraw(ParkedKey key)
    {
        if (key.Offered is { } offered)
            _offered.Remove(offered);
        key.Offered = null;
    }
}
