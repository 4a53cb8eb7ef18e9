namespace Carillon.Parking;

/// <summary>The parked messages of one key of a partition for a subscription, in order.</summary>
internal sealed class ParkedKey
{
    private readonly List<ParkedEntry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>What may be claimed when its time has come: everything up to the first message that holds up the key, except dead letters.</summary>
    public IEnumerable<ParkedEntry> Heads
    {
        get
        {
            foreach (var entry in _entries)
            {
                if (!entry.IsDead)
                    yield return entry;
                if (!entry.IsPassable)
                    yield break;
            }
        }
    }

    /// <summary>What waits for an instance that can handle it.</summary>
    public IEnumerable<ParkedEntry> Unhandled => _entries.Where(entry => !entry.IsDead && entry.IsPassable);

    public void Add(ParkedEntry entry)
    {
        var place = _entries.Count;
        while (place > 0 && _entries[place - 1].Message.Position > entry.Message.Position)
            place--;
        _entries.Insert(place, entry);
    }

    public void Remove(ParkedEntry entry) => _entries.Remove(entry);

    /// <summary>How many messages later ones of the key wait behind.</summary>
    public int CountBlocking() => _entries.Count(entry => !entry.IsPassable);

    /// <summary>How many messages wait behind a dead letter.</summary>
    public int CountWaiting(ParkedEntry dead) =>
        dead.IsPassable ? 0 : _entries.Skip(_entries.IndexOf(dead) + 1).Count(entry => !entry.IsDead);
}
