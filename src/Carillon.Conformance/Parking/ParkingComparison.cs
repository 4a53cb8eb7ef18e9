using Carillon.Conformance.Transports;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance.Parking;

/// <summary>
/// The same calls to the stores of one or more processes that share their data, and to the naive model, in a subscription of their own. Whatever
/// differs fails.
/// </summary>
/// <param name="store">The store of a process, by number.</param>
/// <param name="now">The time by which messages are due.</param>
/// <param name="subscription">The subscription.</param>
/// <param name="cancellation">Gives up.</param>
internal sealed class ParkingComparison(Func<int, IParkingStore> store, Func<DateTimeOffset> now, string subscription, CancellationToken cancellation)
{
    public static readonly string[] Partitions = ["0", "1"];
    private readonly ParkingModel _model = new();
    private readonly Dictionary<int, EventId> _ids = [];
    private readonly Dictionary<string, (int Process, ParkingOwner Owner)> _owners = [];
    private readonly List<(ParkingOwner Owner, int Process, ParkedMessage[] Run)> _claims = [];
    private long _replays;

    /// <summary>How many runs are in somebody's hands.</summary>
    public int Claims => _claims.Count;

    /// <summary>A partition gets another owner.</summary>
    public async Task TakeOverAsync(int process, string partition)
    {
        var owner = Assert.Single(await store(process).TakeOverAsync(subscription, [new AssignedPartition(partition)], cancellation));
        if (_owners.TryGetValue(partition, out var earlier))
            Assert.True(owner.Epoch > earlier.Owner.Epoch);
        _owners[partition] = (process, owner);
        _model.TakeOver(partition);
    }

    /// <summary>Messages are set aside.</summary>
    public async Task ParkAsync(IEnumerable<ParkedMessage> messages)
    {
        foreach (var group in messages.GroupBy(message => message.Partition))
        {
            var (process, owner) = await OwnerAsync(group.Key);
            foreach (var message in group)
                _model.Park(new ModelMessage(Number(message), message.Envelope.Key, message.Partition) { State = message.State, BlocksKey = message.BlocksKey, Due = now() + message.Delay });
            Check(await store(process).ParkAsync(owner, [.. group], cancellation), owner);
        }
    }

    /// <summary>What is due is taken.</summary>
    /// <returns>How much was taken.</returns>
    public async Task<int> ClaimAsync(string[] partitions, int limit, int ofKey)
    {
        var taken = 0;
        var owners = new List<(int Process, ParkingOwner Owner)>();
        foreach (var partition in partitions)
            owners.Add(await OwnerAsync(partition));
        foreach (var process in owners.GroupBy(owner => owner.Process))
        {
            var heads = _model.FindHeads([.. process.Select(owner => owner.Owner.Partition)], now()).ToDictionary(head => head.Number);
            var claimed = await store(process.Key).ClaimAsync(new ParkingClaim([.. process.Select(owner => owner.Owner)], limit, ofKey), cancellation);
            Assert.True(claimed.Count <= limit, $"{claimed.Count} messages were claimed, and {limit} were asked for");
            var runs = RunsOf(claimed).ToList();
            Assert.Equal(Math.Min(limit, heads.Count), runs.Count);
            foreach (var run in runs)
                Take(process.Key, heads, run, ofKey);
            taken += claimed.Count;
        }

        return taken;
    }

    /// <summary>A run that is in somebody's hands is written down, whether it still counts or not.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="finished">How many of its messages are finished.</param>
    /// <param name="failed">How the next one is to be kept; null when none failed.</param>
    public async Task SettleAsync(int index, int finished, Func<ParkedMessage, ParkedMessage>? failed)
    {
        var (owner, process, run) = _claims[index];
        _claims.RemoveAt(index);
        finished = Math.Min(finished, run.Length);
        var next = finished < run.Length && failed is not null ? failed(run[finished]) : null;
        // The present owner may be one whose process is gone.
        if (!_owners.TryGetValue(owner.Partition, out var present) || present.Owner != owner)
        {
            var refusal = await Assert.ThrowsAsync<CarillonException>(async () => await store(process).SettleAsync(owner, [.. run.Take(finished).Select(message => message.Id)], next, cancellation));
            Assert.Equal(ErrorCodes.PartitionTakenOver, refusal.Code);
            return;
        }

        foreach (var message in run.Take(finished).Where(IsStillThere))
            Remove(Number(message));
        if (next is not null && IsStillThere(next) && _model.Find(Number(next)) is { State: not ParkedState.Dead } known)
            (known.State, known.BlocksKey, known.Due, known.IsClaimed, known.Attempts) = (next.State, next.BlocksKey, now() + next.Delay, false, next.Attempts.Count);
        Check(await store(process).SettleAsync(owner, [987_654_321, .. run.Take(finished).Select(message => message.Id)], next, cancellation), owner);
    }

    /// <summary>Somebody replays or discards a dead letter.</summary>
    public async Task DecideAsync(int process, int index, bool isReplayed)
    {
        var letters = await LettersAsync(process);
        if (letters.Count == 0)
            return;
        var letter = letters[index % letters.Count];
        var known = _model.Find(SampleMessages.NumberOf(letter.Envelope))!;
        if (isReplayed)
        {
            (known.State, known.BlocksKey, known.Due, known.IsClaimed, known.IsReplayed) = (ParkedState.Scheduled, true, now(), false, true);
            await LettersOf(process).ReplayAsync(letter.Id, cancellation);
            await CheckReplaysAsync(process, known);
        }
        else
        {
            Remove(known.Number);
            await LettersOf(process).DiscardAsync(letter.Id, cancellation);
        }
    }

    /// <summary>The processes that were the owners of partitions are gone, and with them what they had in hand.</summary>
    public void Forget(int process)
    {
        _claims.RemoveAll(claim => claim.Process == process);
        foreach (var partition in _owners.Where(owner => owner.Value.Process == process).Select(owner => owner.Key).ToArray())
            _owners.Remove(partition);
    }

    /// <summary>Whether anything can be claimed.</summary>
    public bool HasDue => _model.FindHeads(Partitions, now()).Any();

    /// <summary>Store and model say the same.</summary>
    public async Task CompareAsync(int process)
    {
        var letters = await LettersAsync(process);
        Assert.Equal(
            _model.DeadLetters.OrderBy(dead => dead.Number).Select(dead => (dead.Number, _model.CountWaiting(dead))),
            letters.Select(letter => (SampleMessages.NumberOf(letter.Envelope), letter.Waiting)).OrderBy(letter => letter.Item1));
        Assert.Equal(letters.Count, await LettersOf(process).CountAsync(new DeadLetterQuery { Subscription = subscription }, cancellation));
        foreach (var partition in Partitions)
        {
            var heldUp = await store(process).ReadHeldUpAsync(new ParkingOwner(subscription, partition, 0), null, 1000, cancellation);
            Assert.Equal(_model.HeldUp(partition), heldUp.Order(StringComparer.Ordinal));
        }
    }

    /// <summary>A message by its number, which has one id until it is finished.</summary>
    public ParkedMessage Message(int number, string? key, ParkedState state, bool blocks, TimeSpan delay)
    {
        if (!_ids.TryGetValue(number, out var id))
            _ids.Add(number, id = SampleMessages.NextId());
        return new ParkedMessage
        {
            Subscription = subscription,
            Envelope = SampleMessages.Event("a.b", number, key) with { Id = id },
            Partition = Partitions[key is null ? 0 : key[0] % Partitions.Length],
            Position = number,
            State = state,
            BlocksKey = state != ParkedState.Dead || blocks,
            Delay = delay,
            ParkedAt = now(),
            Code = state is ParkedState.Dead or ParkedState.Stopped ? ErrorCodes.HandlerFailed : null,
        };
    }

    private static int Number(ParkedMessage message) => (int)message.Position!.Value;

    private static IEnumerable<ParkedMessage[]> RunsOf(IReadOnlyList<ParkedMessage> claimed)
    {
        var run = new List<ParkedMessage>();
        foreach (var message in claimed)
        {
            if (run.Count > 0 && (message.Envelope.Key is null || run[0].Envelope.Key != message.Envelope.Key || run[0].Partition != message.Partition))
            {
                yield return [.. run];
                run.Clear();
            }

            run.Add(message);
        }

        if (run.Count > 0)
            yield return [.. run];
    }

    private void Take(int process, Dictionary<int, ModelMessage> heads, ParkedMessage[] run, int ofKey)
    {
        Assert.True(heads.Remove(Number(run[0]), out var head), $"message {Number(run[0])} was claimed but is not due");
        Assert.True(run.Length <= ofKey);
        Assert.Equal(_model.RunOf(head!, now()).Take(run.Length), run.Select(Number));
        foreach (var message in run)
        {
            var known = _model.Find(Number(message))!;
            Assert.Equal((known.Attempts, known.IsReplayed), (message.Attempts.Count, message.IsReplayed));
        }

        head!.IsClaimed = true;
        _claims.Add((_owners[head.Partition].Owner, process, run));
    }

    private void Check(ParkingAnswer answer, ParkingOwner owner)
    {
        foreach (var (key, isHeldUp) in answer.HeldUp)
            Assert.True(isHeldUp == _model.IsHeldUp(owner.Partition, key), $"the answer about {key} was {isHeldUp}");
        Assert.Equal(_replays, answer.Replays);
    }

    private async Task CheckReplaysAsync(int process, ModelMessage replayed)
    {
        var replays = await store(process).WaitForReplaysAsync(subscription, _replays, TimeSpan.Zero, cancellation);
        if (replayed.Key is null)
            Assert.Empty(replays);
        else
            Assert.Equal(new ReplayedKey(replayed.Partition, replayed.Key, _replays + 1), Assert.Single(replays));
        _replays++;
    }

    private async ValueTask<(int Process, ParkingOwner Owner)> OwnerAsync(string partition)
    {
        if (!_owners.ContainsKey(partition))
            await TakeOverAsync(0, partition);
        return _owners[partition];
    }

    // Whoever comes too late may hold a message that somebody else has finished: another one that was parked in its place since is not meant.
    private bool IsStillThere(ParkedMessage message) => _ids.TryGetValue(Number(message), out var id) && id == message.Envelope.Id;

    private void Remove(int number)
    {
        _model.Remove(number);
        _ids.Remove(number);
    }

    private IDeadLetters LettersOf(int process) => (IDeadLetters)store(process);

    private async ValueTask<IReadOnlyList<DeadLetter>> LettersAsync(int process) =>
        await LettersOf(process).ListAsync(new DeadLetterQuery { Subscription = subscription, Limit = 1000 }, cancellation);
}
