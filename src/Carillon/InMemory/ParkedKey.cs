using Carillon.Parking;

namespace Carillon.InMemory;

/// <summary>The parked messages of one key in a partition of a subscription, as far as they hold others back, in order.</summary>
internal sealed class ParkedKey
{
    private readonly SortedSet<ParkedEntry> _entries = new(ParkedOrder.OfKey);

    /// <summary>The first message, which everything else waits for; null when there is none.</summary>
    public ParkedEntry? First => _entries.Min;

    /// <summary>The first message as it is offered to those who claim, or null.</summary>
    public ParkedEntry? Offered { get; set; }

    /// <summary>The messages in order.</summary>
    public IEnumerable<ParkedEntry> Entries => _entries;

    /// <summary>The message that may be claimed when its time has come, or null.</summary>
    public ParkedEntry? Claimable => First is { IsClaimed: false, Message.State: not ParkedState.Dead } first ? first : null;

    public void Add(ParkedEntry entry) => _entries.Add(entry);

    public void Remove(ParkedEntry entry) => _entries.Remove(entry);

    /// <summary>How many messages wait behind a dead letter.</summary>
    public int CountWaiting(ParkedEntry dead) =>
        dead.IsPassable ? 0 : _entries.Count(entry => ParkedOrder.OfKey.Compare(entry, dead) > 0 && entry.Message.State == ParkedState.Scheduled);
}
