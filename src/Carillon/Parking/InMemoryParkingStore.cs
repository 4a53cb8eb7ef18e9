using Carillon.Transports;

namespace Carillon.Parking;

/// <summary>
/// Keeps parked messages and dead letters while the process lives. Bounded: when it is full, parking fails and the message stays with
/// the transport; nothing is dropped.
/// </summary>
internal sealed class InMemoryParkingStore(TimeProvider time, int capacityMessages = 10_000, long capacityBytes = 256L * 1024 * 1024) : IParkingStore, IDeadLetters
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();
    private readonly ParkedContents _contents = new();

    /// <summary>How many messages are parked.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _contents.Count;
        }
    }

    public ValueTask ParkAsync(IReadOnlyList<ParkedMessage> messages, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IReadOnlyList<ParkedEntry> added;
        lock (_gate)
        {
            added = _contents.FindNew(messages);
            RefuseWhenFull(added);
            foreach (var entry in added)
                _contents.Add(entry);
        }

        foreach (var subscription in added.Select(entry => entry.Message.Subscription).Distinct(StringComparer.Ordinal))
            Announce(subscription);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyDictionary<string, int>> CountByKeyAsync(string subscription, string partition, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            return new ValueTask<IReadOnlyDictionary<string, int>>(_contents.Of(subscription).CountByKey(partition));
    }

    public async ValueTask WaitForWorkAsync(string subscription, TimeSpan patience, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var began = time.GetTimestamp();
        while (patience - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            var wait = new WorkWait();
            TimeSpan next;
            lock (_gate)
            {
                if (_contents.Of(subscription).TryAnnounce(time.GetUtcNow(), wait, out next))
                    return;
            }

            try
            {
                await wait.WaitAsync(new[] { left, next, _longestWait }.Min(), time, cancellation);
            }
            finally
            {
                lock (_gate)
                    _contents.Of(subscription).Forget(wait);
            }
        }
    }

    public ValueTask<IReadOnlyList<ParkedMessage>> ClaimAsync(ParkingClaim claim, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            return new ValueTask<IReadOnlyList<ParkedMessage>>(_contents.Of(claim.Subscription).Claim(claim, time.GetUtcNow()));
    }

    public ValueTask UpdateAsync(ParkedMessage message, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Change(message.Id, entry => entry.Message with
        {
            State = message.State,
            Due = message.Due,
            BlocksKey = message.BlocksKey,
            Code = message.Code,
            Reason = message.Reason,
            Attempts = message.Attempts,
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask ReviveAsync(string subscription, string partition, HandledTypes handles, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        List<ParkedEntry> revived;
        lock (_gate)
        {
            revived = [.. _contents.Of(subscription).Unhandled(partition).Where(entry => HandledType.Of(entry.Message.Envelope) is { } type && handles.Contains(type))];
            foreach (var entry in revived)
                _contents.Replace(entry, entry.Message with { Due = time.GetUtcNow(), BlocksKey = true, Code = null, Reason = null });
        }

        if (revived.Count > 0)
            Announce(subscription);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var id in ids)
            Change(id, _ => null);
        return ValueTask.CompletedTask;
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

    public ValueTask<DeadLetter?> FindAsync(long id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            return new ValueTask<DeadLetter?>(_contents.Find(id) is { IsDead: true } entry ? _contents.ToDeadLetter(entry) : null);
    }

    public ValueTask ReplayAsync(long id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Require(Change(id, entry => entry.Message with { State = ParkedState.Scheduled, Due = time.GetUtcNow(), BlocksKey = true, Code = null, Reason = null }, onlyDead: true), id);
        return ValueTask.CompletedTask;
    }

    public ValueTask DiscardAsync(long id, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        Require(Change(id, _ => null, onlyDead: true), id);
        return ValueTask.CompletedTask;
    }

    private static void Require(bool isFound, long id)
    {
        if (!isFound)
            throw new CarillonException(ErrorCodes.DeadLetterNotFound, $"There is no dead letter {id} (any more): list the dead letters again; somebody may have replayed or discarded it.");
    }

    /// <summary>Replaces a message, or removes it when <paramref name="change"/> gives null.</summary>
    private bool Change(long id, Func<ParkedEntry, ParkedMessage?> change, bool onlyDead = false)
    {
        string subscription;
        lock (_gate)
        {
            if (_contents.Find(id) is not { } entry || (onlyDead && !entry.IsDead))
                return false;
            subscription = entry.Message.Subscription;
            if (change(entry) is { } changed)
                _contents.Replace(entry, changed);
            else
                _contents.Remove(entry);
        }

        Announce(subscription);
        return true;
    }

    private void RefuseWhenFull(IReadOnlyList<ParkedEntry> added)
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
