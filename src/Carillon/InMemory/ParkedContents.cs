using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>What the in-memory store holds, found by number, by identity and by subscription. Guarded by the lock of the store.</summary>
internal sealed class ParkedContents
{
    private readonly Dictionary<long, ParkedEntry> _entries = [];
    private readonly HashSet<ParkedIdentity> _identities = [];
    private readonly Dictionary<string, ParkedSubscription> _subscriptions = new(StringComparer.Ordinal);
    public int Count => _entries.Count;

    /// <summary>The number of the message that was added last; 0 when none was.</summary>
    public long LastId { get; private set; }

    /// <summary>How many bytes all of it counts for.</summary>
    public long Size { get; private set; }

    public ParkedEntry? Find(long id) => _entries.GetValueOrDefault(id);

    /// <summary>What the subscription has, which need not exist yet.</summary>
    public ParkedSubscription Of(string subscription)
    {
        if (!_subscriptions.TryGetValue(subscription, out var parked))
            _subscriptions.Add(subscription, parked = new ParkedSubscription());
        return parked;
    }

    /// <summary>Whether a message is there already.</summary>
    public bool Contains(ParkedIdentity identity) => _identities.Contains(identity);

    public void Add(ParkedEntry entry, DateTimeOffset now)
    {
        entry.Replace(entry.Message with { Id = ++LastId }, now);
        _entries.Add(LastId, entry);
        if (ParkedIdentity.Of(entry.Message) is { } identity)
            _identities.Add(identity);
        Of(entry.Message.Subscription).Add(entry);
        Size += entry.Size;
    }

    public void Replace(ParkedEntry entry, ParkedMessage message, DateTimeOffset now, long? replay = null)
    {
        var subscription = Of(message.Subscription);
        subscription.Remove(entry);
        entry.Replay = replay ?? entry.Replay;
        Size -= entry.Size;
        entry.Replace(message, now);
        Size += entry.Size;
        subscription.Add(entry);
    }

    public void Remove(ParkedEntry entry)
    {
        Size -= entry.Size;
        _entries.Remove(entry.Message.Id);
        if (ParkedIdentity.Of(entry.Message) is { } identity)
            _identities.Remove(identity);
        Of(entry.Message.Subscription).Remove(entry);
    }

    /// <summary>Removes all that a subscription has, and takes its partitions from their owners.</summary>
    public void RemoveAll(string subscription)
    {
        foreach (var entry in _entries.Values.Where(entry => entry.Message.Subscription == subscription).ToArray())
            Remove(entry);
        Of(subscription).Disown();
    }

    /// <summary>The clock went back.</summary>
    public void Hasten(DateTimeOffset now, TimeSpan tolerance)
    {
        foreach (var subscription in _subscriptions.Values)
            subscription.Hasten(now, tolerance);
    }

    public IReadOnlyList<DeadLetter> ListDead(DeadLetterQuery query) =>
    [
        .. Dead(query).Where(entry => entry.Message.Id > query.After).OrderBy(entry => entry.Message.Id).Take(query.Limit).Select(ToDeadLetter),
    ];

    public long CountDead(DeadLetterQuery query) => Dead(query).Count();

    public DeadLetter ToDeadLetter(ParkedEntry entry)
    {
        var message = entry.Message;
        var waiting = Of(message.Subscription).Of(message.Partition).CountWaiting(entry);
        return new DeadLetter(
            message.Id, message.Subscription, message.Envelope, message.Code ?? ErrorCodes.HandlerFailed, message.Reason ?? "", message.Attempts, message.ParkedAt, waiting);
    }

    private IEnumerable<ParkedEntry> Dead(DeadLetterQuery query) => _entries.Values.Where(entry => entry.IsDeadLetter && Matches(query, entry.Message));

    private static bool Matches(DeadLetterQuery query, ParkedMessage message) =>
        (query.Subscription is null || query.Subscription == message.Subscription)
        && (query.Type is null || query.Type == message.Envelope.Type)
        && (query.Key is null || query.Key == message.Envelope.Key)
        && (query.Code is null || StorableText.Show(query.Code) == message.Code)
        && (query.ExceptCode is null || StorableText.Show(query.ExceptCode) != message.Code);
}
