using Carillon.Parking;
using Carillon.Signalling;
using Carillon.Transports;

namespace Carillon.InMemory;

/// <summary>
/// Keeps parked messages and dead letters while the process lives. Bounded: when it is full, parking fails and the message stays with
/// the transport; nothing is dropped.
/// </summary>
internal sealed class InMemoryParkingStore(TimeProvider time, int capacityMessages = 10_000, long capacityBytes = 256L * 1024 * 1024) : IParkingStore, IStartNotes, IDeadLetters
{
    private const int ReplaysAtOnce = 1_000;
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan _tolerance = TimeSpan.FromSeconds(2);
    private readonly Lock _gate = new();
    private readonly ParkedContents _contents = new();
    private DateTimeOffset _latest = DateTimeOffset.MinValue;

    /// <summary>How many messages are parked.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _contents.Count;
        }
    }

    public ValueTask<IReadOnlyList<ParkingOwner>> TakeOverAsync(string subscription, IReadOnlyCollection<AssignedPartition> partitions, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var owners = new List<ParkingOwner>();
        lock (_gate)
        {
            foreach (var (name, fence) in partitions)
            {
                var partition = _contents.Of(subscription).Of(name);
                if (partition.TryTakeOver(fence))
                    owners.Add(new ParkingOwner(subscription, name, partition.Epoch) { ParkedUpTo = _contents.LastId });
            }
        }

        Announce(subscription);
        return new ValueTask<IReadOnlyList<ParkingOwner>>(owners);
    }

    public ValueTask<IReadOnlyList<string>> ReadHeldUpAsync(ParkingOwner owner, string? after, int limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new ValueTask<IReadOnlyList<string>>([
                .. PartitionOf(owner).HeldUp.Where(key => after is null || string.CompareOrdinal(key, after) > 0).Order(StringComparer.Ordinal).Take(limit),
            ]);
        }
    }

    public ValueTask<ParkingAnswer> ParkAsync(ParkingOwner owner, IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ParkingAnswer answer;
        lock (_gate)
        {
            var partition = Require(owner);
            var now = Now();
            var added = FindNew(messages, partition);
            RefuseWhenFull(added);
            foreach (var entry in added)
                _contents.Add(entry, now);
            answer = Answer(owner, messages.Select(static message => message.Envelope.Key));
        }

        Announce(owner.Subscription);
        return new ValueTask<ParkingAnswer>(answer);
    }

    public ValueTask<ParkingAnswer> SettleAsync(ParkingOwner owner, IReadOnlyList<long> finished, ParkedMessage? failed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var keys = new HashSet<string?>();
        ParkingAnswer answer;
        lock (_gate)
        {
            Require(owner);
            foreach (var entry in finished.Select(_contents.Find).OfType<ParkedEntry>().Where(entry => IsOf(owner, entry)).ToArray())
            {
                keys.Add(entry.Message.Envelope.Key);
                _contents.Remove(entry);
            }

            if (failed is not null && _contents.Find(failed.Id) is { Message.State: not ParkedState.Dead } known && IsOf(owner, known))
            {
                keys.Add(known.Message.Envelope.Key);
                _contents.Replace(known, Update(known.Message, failed), Now());
            }

            answer = Answer(owner, keys);
        }

        Announce(owner.Subscription);
        return new ValueTask<ParkingAnswer>(answer);
    }

    public ValueTask<IReadOnlyCollection<RoutedType>> ReviveAsync(ParkingOwner owner, HandledMessages handles, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var waiting = new HashSet<RoutedType>();
        lock (_gate)
        {
            foreach (var entry in Require(owner).Unhandled)
            {
                if (RoutedType.Of(entry.Message.Envelope) is not { } message)
                    continue;
                if (handles.Contains(message))
                    _contents.Replace(entry, entry.Message with { BlocksKey = true, Code = null, Reason = null }, Now());
                else
                    waiting.Add(message);
            }
        }

        Announce(owner.Subscription);
        return new ValueTask<IReadOnlyCollection<RoutedType>>(waiting);
    }

    public ValueTask RetireAsync(string subscription, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            _contents.RemoveAll(subscription);
        Announce(subscription);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var now = Now();
            var room = new ClaimRoom(claim.LimitBytes);
            var partitions = claim.Owners.Where(owner => PartitionOf(owner).Epoch == owner.Epoch).Select(PartitionOf);
            var heads = partitions.SelectMany(partition => partition.Due(now).Select(head => (Partition: partition, Head: head))).Take(claim.Limit)
                .TakeWhile(due => room.TryTake(due.Head)).ToList();
            var share = heads.Count == 0 ? 0 : Math.Clamp(claim.Limit / heads.Count, 1, claim.LimitOfKey);
            return new ValueTask<IReadOnlyList<ParkedMessage>>([.. heads.SelectMany(head => head.Partition.Claim(head.Head, now, share, room))]);
        }
    }

    public async ValueTask WaitForWorkAsync(string subscription, IReadOnlyCollection<string> partitions, TimeSpan patience, CancellationToken cancellation) =>
        await WaitAsync(
            subscription,
            (parked, now) => parked.NextOf(partitions) is { } next ? next - now : null,
            patience,
            cancellation);

    public async ValueTask<IReadOnlyList<ReplayedKey>> WaitForReplaysAsync(string subscription, long after, TimeSpan patience, CancellationToken cancellation)
    {
        await WaitAsync(subscription, (parked, _) => parked.ReadReplays(after, 1).Count > 0 ? TimeSpan.Zero : null, patience, cancellation);
        lock (_gate)
            return _contents.Of(subscription).ReadReplays(after, ReplaysAtOnce);
    }

    public ValueTask<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, 1000, nameof(query));
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            return new ValueTask<IReadOnlyList<DeadLetter>>(_contents.ListDead(query));
    }

    public ValueTask<long> CountAsync(DeadLetterQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            return new ValueTask<long>(_contents.CountDead(query));
    }

    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            return new ValueTask<DeadLetter?>(_contents.Find(id) is { IsDeadLetter: true } entry ? _contents.ToDeadLetter(entry) : null);
    }

    public ValueTask ReplayAsync(long id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ChangeDeadLetter(id, entry =>
        {
            var message = entry.Message with { State = ParkedState.Scheduled, BlocksKey = true, Code = null, Reason = null, IsReplayed = true };
            _contents.Replace(entry, message, Now(), replay: _contents.Of(message.Subscription).NextReplay());
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask DiscardAsync(long id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ChangeDeadLetter(id, _contents.Remove);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Entries for those messages that are not there yet, also not twice among themselves. A message that waits behind others is kept only where there are
    /// others, also such as came just before it.
    /// </summary>
    private List<ParkedEntry> FindNew(IReadOnlyList<ParkedMessage> messages, ParkedPartition partition)
    {
        var holding = new HashSet<string?>(StringComparer.Ordinal);
        var seen = new HashSet<ParkedIdentity>();
        var added = new List<ParkedEntry>();
        foreach (var message in messages)
        {
            if (message.State == ParkedState.Behind && (message.Envelope.Key is not { } key || (!holding.Contains(key) && !partition.IsHeldUp(key))))
                continue;
            if (ParkedIdentity.Of(message) is { } identity && (_contents.Contains(identity) || !seen.Add(identity)))
                continue;
            added.Add(new ParkedEntry(message with { Code = StorableText.Show(message.Code), Reason = StorableText.Show(message.Reason) }));
            if (message.BlocksKey)
                holding.Add(message.Envelope.Key);
        }

        return added;
    }

    private static bool IsOf(ParkingOwner owner, ParkedEntry entry) => entry.Message.Subscription == owner.Subscription && entry.Message.Partition == owner.Partition;

    private static ParkedMessage Update(ParkedMessage known, ParkedMessage failed) => known with
    {
        State = failed.State,
        Delay = failed.Delay,
        BlocksKey = failed.BlocksKey,
        Code = StorableText.Show(failed.Code),
        Reason = StorableText.Show(failed.Reason),
        Attempts = failed.Attempts,
        Rounds = failed.Rounds,
    };

    private void ChangeDeadLetter(long id, Action<ParkedEntry> change)
    {
        string subscription;
        lock (_gate)
        {
            if (_contents.Find(id) is not { IsDeadLetter: true } entry)
                throw new CarillonException(ErrorCodes.DeadLetterNotFound, $"There is no dead letter {id} (any more): list the dead letters again; somebody may have replayed or discarded it.");
            subscription = entry.Message.Subscription;
            change(entry);
        }

        Announce(subscription);
    }

    /// <inheritdoc/>
    public ValueTask<int> CountAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            return new ValueTask<int>(PartitionOf(owner).CountStarts(message, owner.Epoch));
    }

    /// <inheritdoc/>
    public ValueTask NoteAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            Require(owner).NoteStart(message);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            Require(owner).RemoveStarts(message);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WithdrawAsync(ParkingOwner owner, Envelope message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            PartitionOf(owner).RemoveStart(message, owner.Epoch);
        return ValueTask.CompletedTask;
    }

    private ParkedPartition PartitionOf(ParkingOwner owner) => _contents.Of(owner.Subscription).Of(owner.Partition);

    private ParkedPartition Require(ParkingOwner owner)
    {
        var partition = PartitionOf(owner);
        return partition.Epoch == owner.Epoch ? partition : throw PartitionTakenOver.Refuse(owner);
    }

    private ParkingAnswer Answer(ParkingOwner owner, IEnumerable<string?> keys)
    {
        var partition = PartitionOf(owner);
        return new ParkingAnswer(
            keys.OfType<string>().Distinct(StringComparer.Ordinal).ToDictionary(static key => key, partition.IsHeldUp, StringComparer.Ordinal),
            _contents.Of(owner.Subscription).Replays);
    }

    /// <summary>The time, after what waits has been told if it went back.</summary>
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        if (now + _tolerance < _latest)
        {
            _contents.Hasten(now, _tolerance);
            _latest = now;
        }

        _latest = now > _latest ? now : _latest;
        return now;
    }

    /// <summary>Waits until the subscription says that it is time.</summary>
    private async ValueTask WaitAsync(string subscription, Func<ParkedSubscription, DateTimeOffset, TimeSpan?> left, TimeSpan patience, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var began = time.GetTimestamp();
        while (patience - time.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero)
        {
            WorkWait wait;
            TimeSpan? next;
            lock (_gate)
            {
                next = left(_contents.Of(subscription), Now());
                if (next <= TimeSpan.Zero)
                    return;
                wait = _contents.Of(subscription).Wait();
            }

            try
            {
                await wait.WaitAsync(TimerPause.Of(new[] { rest, next ?? rest, _longestWait }.Min()), time, cancellation);
            }
            finally
            {
                lock (_gate)
                    _contents.Of(subscription).Forget(wait);
            }
        }
    }

    private void RefuseWhenFull(List<ParkedEntry> added)
    {
        if (added.Count == 0 || (_contents.Count + added.Count <= capacityMessages && _contents.Size + added.Sum(entry => entry.Size) <= capacityBytes))
            return;
        throw new CarillonException(ErrorCodes.ParkingFailed,
            $"The in-memory parking store is full: it holds {_contents.Count} of {capacityMessages} messages and {_contents.Size} of {capacityBytes} bytes, and message {added[0].Message.Envelope.Id} of \"{added[0].Message.Subscription}\" does not fit. Replay or discard dead letters, or use a store on disk.");
    }

    private void Announce(string subscription)
    {
        WorkWait[] waits;
        lock (_gate)
            waits = _contents.Of(subscription).Change();
        foreach (var wait in waits)
            wait.End();
    }
}
