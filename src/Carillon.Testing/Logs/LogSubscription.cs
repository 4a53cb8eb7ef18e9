using Carillon.Transports;

namespace Carillon.Testing.Logs;

/// <summary>One subscription of the log: its partitions, and the instances that share them. Guarded by the lock of the log.</summary>
internal sealed class LogSubscription
{
    private readonly PartitionState[] _partitions;
    private readonly List<Membership> _members = [];
    private readonly HashSet<RoutedType> _met = [];
    private readonly List<CommittedMessage> _awaiting = [];
    private readonly HashSet<long> _unhandled = [];

    public LogSubscription(SubscriptionTopology topology, long start)
    {
        (Topology, Start) = (topology, start);
        _partitions = [.. Enumerable.Range(0, SimulatedLog.PartitionCount).Select(number => new PartitionState(number, start))];
    }

    /// <summary>What the subscription is, as its service declared it last.</summary>
    public SubscriptionTopology Topology { get; set; }

    /// <summary>After which position it begins.</summary>
    public long Start { get; }

    /// <summary>Grows whenever an instance may have to look after its leases.</summary>
    public long Generation { get; private set; }

    /// <summary>Up to where each partition is finished.</summary>
    public IReadOnlyList<long> Cursors => [.. _partitions.Select(partition => partition.Cursor)];

    /// <summary>Whether an instance of it lives, as far as is known.</summary>
    public bool IsRunning => _members.Exists(static member => member.Expires is not null);

    /// <summary>Ends the leases whose time is over.</summary>
    /// <param name="now">The time.</param>
    /// <param name="head">The end of the log.</param>
    public void Expire(DateTimeOffset now, long head)
    {
        foreach (var member in _members.Where(member => member.Expires <= now))
        {
            member.Expire();
            FreeAll(member.Instance, partition => partition.Bury(head));
        }
    }

    /// <summary>Ends one lease before its time.</summary>
    public void ExpireLease(int partition, long head)
    {
        _partitions[partition].Bury(head);
        Generation++;
    }

    /// <summary>Ends the membership of an instance before its time, with all leases that it has.</summary>
    public void ExpireOwner(int partition, long head)
    {
        if (_partitions[partition].Owner is not { } owner)
            return;
        MemberOf(owner).Expire();
        FreeAll(owner, partition => partition.Bury(head));
    }

    /// <summary>
    /// One instance looks after its share: it keeps what it says it holds, takes what is free up to its fair share, and learns what it has
    /// too much of.
    /// </summary>
    public LeaseAnswer Renew(
        string instance, long round, IReadOnlyDictionary<int, long> held, DateTimeOffset now, TimeSpan leaseTime, HandledMessages handles, IReadOnlyCollection<RoutedType> newlyMet, TimeSpan grace)
    {
        var member = MemberOf(instance);
        if (round <= member.Round)
            return member.Answer;
        if (member.Expires is null || newlyMet.Any(type => !_met.Contains(type)))
            Generation++;
        member.Renew(now, leaseTime);
        member.Handles = handles;
        _met.UnionWith(newlyMet);
        // What was granted in an answer that never arrived is granted anew, with an epoch of its own: the instance does not have it in hand.
        foreach (var partition in _partitions.Where(partition => partition.Owner == instance && held.GetValueOrDefault(partition.Number, -1) != partition.Epoch))
            partition.Free();
        foreach (var other in _members.Where(other => other != member))
            other.NoteGone(now);
        NoteUnhandled([], now);
        var live = _members.Where(static other => other.IsLiving).ToList();
        var share = PartitionSharing.Decide(
            instance,
            [.. live.Select(other => new SubscriptionMember(other.Instance, other.Handles))],
            _met,
            [.. _partitions.Select(partition => new SharedPartition(partition.Owner, partition.Wanted))]);
        foreach (var place in share.Take)
            _partitions[place].Grant(instance);
        var owned = _partitions.Where(partition => partition.Owner == instance).Select(partition => partition.ToPlace());
        return member.Conclude(round, new LeaseAnswer([.. owned], share.GiveBack, Generation)
        {
            Others = [.. live.Where(other => other != member).Select(other => other.Handles)],
            Gone = [.. _members.Where(other => other != member && other.IsAwaited(now - grace)).Select(other => other.Handles)],
            Met = [.. _met],
        });
    }

    /// <summary>An instance gives partitions up, with their last cursors.</summary>
    /// <returns>The partitions of which it had no lease any more.</returns>
    public IReadOnlyList<int> Release(string instance, IReadOnlyList<LeasedPlace> places)
    {
        var refused = Move(instance, places);
        foreach (var place in places.Where(place => IsHeld(instance, place)))
            _partitions[place.Partition].GiveBack(place.Wanted);

        Generation++;
        return refused;
    }

    /// <summary>An instance goes, with all that it has but what it has abandoned.</summary>
    public void Leave(string instance, IReadOnlyList<LeasedPlace> places, DateTimeOffset keptUntil)
    {
        var abandoned = places.Where(place => place.IsAbandoned && IsHeld(instance, place)).Select(static place => place.Partition).ToHashSet();
        MemberOf(instance).Leave(abandoned.Count > 0 ? keptUntil : null);
        FreeAll(instance, partition =>
        {
            if (!abandoned.Contains(partition.Number))
                partition.GiveBack(wanted: null);
        });
    }

    /// <summary>Moves cursors.</summary>
    /// <returns>The partitions whose cursors stay, because the lease does not hold.</returns>
    public IReadOnlyList<int> Move(string instance, IReadOnlyList<LeasedPlace> places)
    {
        foreach (var place in places.Where(place => IsHeld(instance, place)))
            _partitions[place.Partition].Move(place.Position);
        return [.. places.Where(place => !IsHeld(instance, place)).Select(place => place.Partition)];
    }

    /// <summary>Reads on in those partitions whose leases hold.</summary>
    public FetchedPage Fetch(List<CommittedMessage> log, string instance, IReadOnlyList<LeasedPlace> places, int limit, DateTimeOffset now)
    {
        var held = places.Where(place => IsHeld(instance, place)).ToDictionary(place => place.Partition, place => place.Position);
        var page = new List<CommittedMessage>();
        var readTo = held.Count == 0 ? log.Count : held.Values.Min();
        for (; readTo < log.Count && page.Count < limit; readTo++)
        {
            var message = log[(int)readTo];
            if (held.TryGetValue(message.Partition, out var read) && message.Position > read && Topology.Accepts(message.Envelope))
                page.Add(message);
        }

        NoteUnhandled(page, now);
        return new FetchedPage(page, readTo, [.. places.Where(place => !held.ContainsKey(place.Partition)).Select(place => place.Partition)], Generation);
    }

    /// <summary>
    /// Whether an instance handles a message that is a member without a break since a time or longer, or was one that the others wait for.
    /// </summary>
    public bool IsHandled(Envelope envelope, DateTimeOffset since, DateTimeOffset now) => _members.Exists(member =>
        (member.IsLiving ? member.Joined <= since : member.IsAwaited(now - Topology.UnhandledGrace)) && member.Handles.Contains(envelope));

    /// <summary>Whether a message was read when no instance lived that handles it.</summary>
    public bool WasUnhandled(long position) => _unhandled.Contains(position);

    /// <summary>Reads messages by their positions, in those partitions whose leases hold.</summary>
    public FetchedPage FetchAt(List<CommittedMessage> log, string instance, IReadOnlyList<LeasedPlace> places, DateTimeOffset now)
    {
        var held = places.Where(place => IsHeld(instance, place)).ToArray();
        CommittedMessage[] found = [.. held.Select(place => log[(int)place.Position - 1]).OrderBy(static message => message.Position)];
        NoteUnhandled(found, now);
        return new FetchedPage(found, 0, [.. places.Except(held).Select(static place => place.Partition).Distinct()], Generation);
    }

    /// <summary>Who may read a partition, and with which epoch.</summary>
    public (string? Owner, long Epoch) FindOwner(int partition) => (_partitions[partition].Owner, _partitions[partition].Epoch);

    /// <summary>Whether a message is for the subscription and not finished.</summary>
    public bool IsOutstanding(CommittedMessage message) =>
        message.Position > _partitions[message.Partition].Cursor && Topology.Accepts(message.Envelope);

    private bool IsHeld(string instance, LeasedPlace place) => _partitions[place.Partition].IsHeld(instance, place.Epoch);

    private void NoteUnhandled(IEnumerable<CommittedMessage> read, DateTimeOffset now)
    {
        _awaiting.AddRange(read.Where(message => !_members.Exists(member => member.IsLiving && member.Handles.Contains(message.Envelope))));
        _unhandled.UnionWith(_awaiting.Where(message => !IsHandled(message.Envelope, DateTimeOffset.MaxValue, now)).Select(static message => message.Position));
        _awaiting.RemoveAll(message => _unhandled.Contains(message.Position));
    }

    private Membership MemberOf(string instance)
    {
        if (_members.Find(member => member.Instance == instance) is { } known)
            return known;
        var joined = new Membership(instance);
        _members.Add(joined);
        return joined;
    }

    private void FreeAll(string instance, Action<PartitionState> free)
    {
        foreach (var partition in _partitions.Where(partition => partition.Owner == instance))
            free(partition);
        Generation++;
    }
}
