using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>
/// The durable state of a broker, or of the message tables of a database: messages in the order of their commits, and for each
/// subscription how far it is and which instance reads which partition. It outlives every process. Each member is one step that happens
/// wholly or not at all; all of them are safe to call from several threads.
/// </summary>
/// <param name="time">The server's clock, by which leases end.</param>
internal sealed class SimulatedLog(TimeProvider time)
{
    /// <summary>How many partitions there are.</summary>
    public const int PartitionCount = 16;

    private readonly Lock _gate = new();
    private readonly List<CommittedMessage> _messages = [];
    private readonly LogTopology _topology = new();
    private readonly LogBell _bell = new();
    private readonly PartitionRefusals _refusals = new();
    private long _instances;

    /// <summary>The server's time.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Every message, in the order of commits.</summary>
    public IReadOnlyList<CommittedMessage> Messages => Locked(() => _messages.ToArray());

    /// <summary>Every subscription, in the order in which they were declared.</summary>
    public IReadOnlyList<SubscriptionTopology> Subscriptions => Locked(() => _topology.Subscriptions.Select(subscription => subscription.Topology).ToArray());

    /// <summary>How often a cursor was not moved, because the lease did not hold any more.</summary>
    public int RefusedMoves { get; private set; }

    /// <summary>Makes sure that subscriptions exist. Either all of the topology is taken on or nothing.</summary>
    /// <exception cref="CarillonConfigurationException">With <see cref="ErrorCodes.CommandHandledTwice"/> or <see cref="ErrorCodes.InvalidName"/>.</exception>
    public void Declare(Topology topology) => Locked(() => _topology.Declare(topology, _messages.Count));

    /// <summary>Removes a subscription that no instance reads.</summary>
    /// <exception cref="CarillonException">With <see cref="ErrorCodes.SubscriptionNotFound"/> or <see cref="ErrorCodes.SubscriptionInUse"/>.</exception>
    public void Retire(string service, string subscription) => Locked(() => _topology.Retire(service, subscription, Now));

    /// <summary>Why a message cannot be stored: it has no topic, or is a command that nobody handles. Null when it can.</summary>
    public PublishFailedException? FindRefusal(Envelope envelope) => Locked(() => _topology.FindRefusal(envelope));

    /// <summary>Stores those of the messages that can be stored, in their order.</summary>
    /// <returns>The others, by their index.</returns>
    public IReadOnlyList<SendFailure> Append(IReadOnlyList<Envelope> batch) => Append(batch, _topology.FindRefusal);

    /// <summary>Stores those of the messages of a sender that can be stored: not those of partitions that take nothing for now.</summary>
    /// <returns>The others, by their index.</returns>
    public IReadOnlyList<SendFailure> Send(IReadOnlyList<Envelope> batch) => Append(batch, envelope => _topology.FindRefusal(envelope) ?? _refusals.Find(envelope, Now));

    /// <summary>Lets a partition take nothing from senders for a while.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="saysWhen">Whether it says when to ask again.</param>
    public void Refuse(int partition, TimeSpan duration, bool saysWhen) => Locked(() => _refusals.Begin(partition, Now + duration, saysWhen));

    /// <summary>Lets the next message of a key be refused for now, and those behind it in its batch with it; the one after that is taken.</summary>
    public void RefuseNext(string key) => Locked(() => _refusals.BeginNext(key));

    /// <summary>Lets every partition take messages again.</summary>
    public void AcceptAll() => Locked(_refusals.End);

    /// <summary>Stores messages that are to go on to another log, which says then what it refuses.</summary>
    /// <returns>Always nothing.</returns>
    public IReadOnlyList<SendFailure> AppendUnchecked(IReadOnlyList<Envelope> batch) => Append(batch, static _ => null);

    /// <summary>A name for an instance that no other one has or had.</summary>
    public string NameInstance() => Locked(() => FormattableString.Invariant($"instance-{++_instances}"));

    /// <summary>An instance joins a subscription, or looks after its share of it.</summary>
    /// <param name="subscription">The subscription's full name.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="round">Grows with every request of the instance. An older one, or the same again, changes nothing.</param>
    /// <param name="held">The epochs of the partitions that the instance knows to be its own.</param>
    /// <param name="leaseTime">For how long its leases hold from now.</param>
    /// <param name="handles">What the instance can handle; null is everything.</param>
    /// <param name="newlyMet">Types of which it has met messages and that not all instances handle.</param>
    /// <param name="grace">How long the instance waits for the return of others.</param>
    public LeaseAnswer Renew(
        string subscription, string instance, long round, IReadOnlyDictionary<int, long> held, TimeSpan leaseTime, HandledMessages? handles = null, IReadOnlyCollection<RoutedType>? newlyMet = null, TimeSpan grace = default) =>
        Change(subscription, state => state.Renew(instance, round, held, Now, leaseTime, handles ?? HandledMessages.Everything, newlyMet ?? [], grace));

    /// <summary>An instance gives partitions up, with their last cursors.</summary>
    /// <returns>The partitions of which it had no lease any more.</returns>
    public IReadOnlyList<int> Release(string subscription, string instance, IReadOnlyList<LeasedPlace> places) =>
        Change(subscription, state => Count(state.Release(instance, Checked(places))));

    /// <summary>An instance goes for good, with the last cursors of what it has. What it has abandoned stays its own for one lease time more.</summary>
    /// <returns>The partitions of which it had no lease any more.</returns>
    public IReadOnlyList<int> Leave(string subscription, string instance, IReadOnlyList<LeasedPlace> places, TimeSpan leaseTime) => Change(subscription, state =>
    {
        var refused = Count(state.Move(instance, Checked(places)));
        state.Leave(instance, places, Now + leaseTime);
        return refused;
    });

    /// <summary>Writes down up to where partitions are finished. A cursor never moves back.</summary>
    /// <returns>The partitions whose cursors stay, because the lease does not hold.</returns>
    public IReadOnlyList<int> MoveCursors(string subscription, string instance, IReadOnlyList<LeasedPlace> places) =>
        Change(subscription, state => Count(state.Move(instance, Checked(places))));

    /// <summary>Reads on in partitions, each from where the instance is.</summary>
    /// <param name="subscription">The subscription's full name.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="places">From where to read. A partition whose lease does not hold brings nothing.</param>
    /// <param name="limit">The most messages.</param>
    public FetchedPage Fetch(string subscription, string instance, IReadOnlyList<LeasedPlace> places, int limit) =>
        Change(subscription, state => state.Fetch(_messages, instance, places, limit, Now));

    /// <summary>Reads messages by their positions.</summary>
    /// <param name="subscription">The subscription's full name.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="places">What to read. Where the lease does not hold, it brings nothing.</param>
    public FetchedPage FetchAt(string subscription, string instance, IReadOnlyList<LeasedPlace> places) =>
        Change(subscription, state => state.FetchAt(_messages, instance, places, Now));

    /// <summary>Reads on like <see cref="Fetch"/>, and waits until there is a message, or a reason to look after the leases.</summary>
    /// <param name="subscription">The subscription's full name.</param>
    /// <param name="instance">The instance.</param>
    /// <param name="places">From where to read.</param>
    /// <param name="limit">The most messages.</param>
    /// <param name="generation">The generation that the instance knows.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<FetchedPage> FetchAsync(
        string subscription, string instance, IReadOnlyList<LeasedPlace> places, int limit, long generation, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                var page = Fetch(subscription, instance, places, limit);
                if (page.Messages.Count > 0 || page.Stale.Count > 0 || page.Generation != generation)
                    return page;
                changed = _bell.NextAsync(cancellation);
            }

            await changed;
        }
    }

    /// <summary>Reads a page of the history.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="LogQuery.Limit"/> is not 1 to 1,000.</exception>
    public IReadOnlyList<LoggedMessage> Read(LogQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 1000, nameof(query));
        return Locked(() => _messages.Where(message => HistoryFilter.Matches(query, message)).Take(query.Limit)
            .Select(message => new LoggedMessage(message.Position, message.RecordedAt, message.Envelope)).ToArray());
    }

    /// <summary>The messages that are for a subscription and not finished, as its cursors say, in the order of the log.</summary>
    public IReadOnlyList<CommittedMessage> Outstanding(string subscription) =>
        Locked(() => _messages.Where(_topology.Find(subscription).IsOutstanding).ToArray());

    /// <summary>Whether a message at a position is for a subscription.</summary>
    public bool IsFor(string subscription, long position, Envelope envelope) =>
        Locked(() => _topology.Find(subscription) is var state && position > state.Start && state.Topology.Accepts(envelope));

    /// <summary>Whether an instance of a subscription handles a message and has been known to the others for so long.</summary>
    public bool IsHandled(string subscription, Envelope envelope, TimeSpan knownFor) => Locked(() => _topology.Find(subscription).IsHandled(envelope, Now - knownFor, Now));

    /// <summary>Whether a message at a position was read by a subscription when no instance lived that handles it.</summary>
    public bool WasUnhandled(string subscription, long position) => Locked(() => _topology.Find(subscription).WasUnhandled(position));

    /// <summary>When the oldest message was stored that the relay of a service has not passed; null when it has passed all.</summary>
    public DateTimeOffset? OldestUnsent(string service) =>
        Locked(() => _topology.TryFind(service + ":outbox") is { } relay ? _messages.Find(relay.IsOutstanding)?.RecordedAt : null);

    /// <summary>Up to where each partition of a subscription is finished.</summary>
    public IReadOnlyList<long> Cursors(string subscription) => Locked(() => _topology.Find(subscription).Cursors);

    /// <summary>Who may read a partition at the moment, and with which epoch; null when nobody may.</summary>
    public (string? Owner, long Epoch) FindOwner(string subscription, int partition) => Change(subscription, state => state.FindOwner(partition));

    /// <summary>A fault: the server ends a lease before its time, as it would after a pause of its own or with a clock set wrong.</summary>
    public void ExpireLease(string subscription, int partition) => Change(subscription, state =>
    {
        state.ExpireLease(partition, _messages.Count);
        return true;
    });

    /// <summary>Ends all leases of the instance that has a partition before their time, so that others take them over.</summary>
    public void ExpireOwner(string subscription, int partition) => Change(subscription, state =>
    {
        state.ExpireOwner(partition, _messages.Count);
        return true;
    });

    private List<SendFailure> Append(IReadOnlyList<Envelope> batch, Func<Envelope, PublishFailedException?> refuse) => Locked(() =>
    {
        var failures = new List<SendFailure>();
        var now = _messages is [.., var last] && last.RecordedAt > Now ? last.RecordedAt : Now;
        var refused = new Dictionary<string, PublishFailedException>(StringComparer.Ordinal);
        for (var index = 0; index < batch.Count; index++)
        {
            var key = batch[index].Key;
            if ((key is null ? null : refused.GetValueOrDefault(key)) is { } earlier)
            {
                failures.Add(new SendFailure(index, earlier));
            }
            else if (refuse(batch[index]) is { } error)
            {
                failures.Add(new SendFailure(index, error));
                if (key is not null && error.IsTransient)
                    refused.Add(key, error);
            }
            else
            {
                _messages.Add(new CommittedMessage(_messages.Count + 1, Partitions.Of(batch[index].Key ?? batch[index].Id.ToString(), PartitionCount), now, batch[index]));
            }
        }

        _bell.Ring();
        return failures;
    });

    private IReadOnlyList<int> Count(IReadOnlyList<int> refused)
    {
        RefusedMoves += refused.Count;
        return refused;
    }

    private IReadOnlyList<LeasedPlace> Checked(IReadOnlyList<LeasedPlace> places)
    {
        foreach (var place in places)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(place.Position, _messages.Count, nameof(places));
        return places;
    }

    private T Change<T>(string subscription, Func<LogSubscription, T> action)
    {
        lock (_gate)
        {
            var state = _topology.Find(subscription);
            var generation = state.Generation;
            state.Expire(Now, _messages.Count);
            var result = action(state);
            if (state.Generation != generation)
                _bell.Ring();
            return result;
        }
    }

    private T Locked<T>(Func<T> action)
    {
        lock (_gate)
            return action();
    }

    private void Locked(Action action)
    {
        lock (_gate)
            action();
    }
}
