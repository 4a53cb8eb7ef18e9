using Carillon.Conformance.Parking;
using Carillon.Conformance.Transports;
using Carillon.Parking;
using Carillon.Properties.Tests.Generating;
using Carillon.Transports;

namespace Carillon.Properties.Tests.Parking;

/// <summary>Steps taken by the processes of a store and by its model side by side, in a subscription of its own.</summary>
internal sealed class ParkingTrial(ParkingProcesses processes, ShownTime time, string subscription)
{
    private const int Messages = 24;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly string?[] _keys = ["k", "l", null];
    private static readonly string[] _allPartitions = ["0", "1"];
    private readonly ParkingModel _model = new();
    private readonly Dictionary<int, EventId> _ids = [];
    private readonly Dictionary<int, int> _holders = [];
    private readonly List<(int Process, ParkedMessage Message)> _claimed = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task TakeAsync(ParkingStep step)
    {
        var process = step.Other % processes.Count;
        switch (step.Act)
        {
            case ParkingAct.Park:
                await ParkAsync(process, step.One, step.Other);
                break;
            case ParkingAct.Claim:
                await ClaimAsync(process, (step.One % 4) switch { 0 => ["0"], 1 => ["1"], _ => _allPartitions }, 1 + (step.One / 4 % 5));
                break;
            case ParkingAct.Update when _claimed.Count > 0:
                await UpdateAsync(_claimed[step.One % _claimed.Count], step.Other);
                break;
            case ParkingAct.Complete when _claimed.Count > 0:
                await CompleteAsync(_claimed[step.One % _claimed.Count]);
                break;
            case ParkingAct.Replay:
                await ReplayAsync(process, step.One);
                break;
            case ParkingAct.Discard:
                await DiscardAsync(process, step.One);
                break;
            case ParkingAct.Wait:
                time.Advance(TimeSpan.FromSeconds(1 + (step.One % 25)));
                break;
            case ParkingAct.Restart when await processes.RestartAsync(process):
                FreeClaims(process);
                break;
            default:
                return;
        }

        await CompareAsync(process);
    }

    /// <summary>
    /// When all leases have run out and all times have come, people see the dead letters, and claims see everything else: each message once, in
    /// order of its key. Nothing is left that nobody would move.
    /// </summary>
    public async Task DrainAsync()
    {
        time.Advance(TimeSpan.FromDays(1));
        var (store, deadLetters) = processes.Of(0);
        foreach (var letter in await deadLetters.ListAsync(new DeadLetterQuery { Subscription = subscription, Limit = 1000 }, Cancellation))
            await ReplayAsync(0, letter);
        await CompareAsync(0);
        _claimed.Clear();
        while (_model.FindDue(_allPartitions, time.GetUtcNow()).Any())
        {
            await store.WaitForWorkAsync(subscription, Lease, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
            await ClaimAsync(0, _allPartitions, 5);
            Assert.NotEmpty(_claimed);
            foreach (var claim in _claimed.ToArray())
                await CompleteAsync(claim);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(_allPartitions, partition => Assert.Empty(_model.CountByKey(partition)));
        await CompareAsync(0);
        Assert.Empty(await store.ClaimAsync(Claim(0, _allPartitions, 100), Cancellation));
    }

    private async Task ParkAsync(int process, int first, int seed)
    {
        ParkedMessage[] batch = [.. Enumerable.Range(0, 1 + (seed % 3)).Select(offset => Message((first + (offset * 5)) % Messages, seed + offset))];
        foreach (var message in batch)
            _model.Park(new ModelMessage((int)message.Position!, message.Envelope.Key, message.Partition) { State = message.State, BlocksKey = message.BlocksKey, Due = message.Due });
        await processes.Of(process).Store.ParkAsync(batch, Cancellation);
    }

    private async Task ClaimAsync(int process, string[] partitions, int limit)
    {
        var due = _model.FindDue(partitions, time.GetUtcNow()).Select(message => message.Number).ToHashSet();
        var claimed = await processes.Of(process).Store.ClaimAsync(Claim(process, partitions, limit), Cancellation);
        Assert.Equal(Math.Min(limit, due.Count), claimed.Count);
        foreach (var message in claimed)
        {
            var number = (int)message.Position!;
            Assert.True(due.Remove(number), $"message {number} was claimed but is not due");
            var known = _model.Find(number)!;
            Assert.Equal(known.Attempts, message.Attempts.Count);
            (known.HeldUntil, _holders[number]) = (time.GetUtcNow() + Lease, process);
            _claimed.RemoveAll(claim => claim.Message.Position == number && (claim.Process == process || processes.Count == 1));
            _claimed.Add((process, message));
        }
    }

    private async Task UpdateAsync((int Process, ParkedMessage Message) claim, int seed)
    {
        _claimed.Remove(claim);
        var isDead = seed % 3 == 0;
        var (state, blocks, due) = (isDead ? ParkedState.Dead : ParkedState.Scheduled, !isDead || seed % 2 == 0, time.GetUtcNow().AddSeconds((seed % 35) - 5));
        var attempt = new FailedAttempt(claim.Message.Attempts.Count + 1, time.GetUtcNow(), "handler", "Error", "failed", null);
        var number = (int)claim.Message.Position!;
        if (IsStillThere(claim.Message) && _model.Find(number) is { State: ParkedState.Scheduled } known && MayChange(known, claim.Process))
        {
            (known.State, known.BlocksKey, known.Due, known.HeldUntil, known.Attempts) = (state, blocks, due, default, attempt.Number);
            _holders.Remove(number);
        }

        await processes.Of(claim.Process).Store.UpdateAsync(
            claim.Message with { State = state, BlocksKey = blocks, Due = due, Code = ErrorCodes.HandlerFailed, Attempts = [.. claim.Message.Attempts, attempt] }, Cancellation);
    }

    // Nobody else holds it: the lease of one who came too late is over, and what it says changes nothing.
    private bool MayChange(ModelMessage message, int process) =>
        !_holders.TryGetValue(message.Number, out var holder) || holder == process || message.HeldUntil <= time.GetUtcNow();

    // Whoever comes too late may hold a message that somebody else has finished: another one that was parked in its place since is not meant.
    private bool IsStillThere(ParkedMessage message) => _ids.TryGetValue((int)message.Position!, out var id) && id == message.Envelope.Id;

    private async Task CompleteAsync((int Process, ParkedMessage Message) claim)
    {
        _claimed.Remove(claim);
        if (IsStillThere(claim.Message))
            Remove((int)claim.Message.Position!);
        await processes.Of(claim.Process).Store.CompleteAsync([claim.Message.Id, 987_654_321], Cancellation);
    }

    // Nobody waits for the leases of a process that is known to be gone.
    private void FreeClaims(int process)
    {
        _claimed.RemoveAll(claim => claim.Process == process);
        foreach (var number in _holders.Where(holder => holder.Value == process).Select(holder => holder.Key).ToArray())
        {
            _model.Find(number)!.HeldUntil = default;
            _holders.Remove(number);
        }
    }

    private async Task ReplayAsync(int process, int index)
    {
        var letters = await processes.Of(process).DeadLetters.ListAsync(new DeadLetterQuery { Subscription = subscription }, Cancellation);
        if (letters.Count > 0)
            await ReplayAsync(process, letters[index % letters.Count]);
    }

    private async Task ReplayAsync(int process, DeadLetter letter)
    {
        var known = _model.Find(SampleMessages.NumberOf(letter.Envelope))!;
        (known.State, known.BlocksKey, known.Due, known.HeldUntil) = (ParkedState.Scheduled, true, time.GetUtcNow(), default);
        _holders.Remove(known.Number);
        await processes.Of(process).DeadLetters.ReplayAsync(letter.Id, Cancellation);
    }

    private async Task DiscardAsync(int process, int index)
    {
        var letters = await processes.Of(process).DeadLetters.ListAsync(new DeadLetterQuery { Subscription = subscription }, Cancellation);
        if (letters.Count == 0)
            return;
        var letter = letters[index % letters.Count];
        Remove(SampleMessages.NumberOf(letter.Envelope));
        await processes.Of(process).DeadLetters.DiscardAsync(letter.Id, Cancellation);
    }

    private void Remove(int number)
    {
        _model.Remove(number);
        _holders.Remove(number);
        _ids.Remove(number);
    }

    private async Task CompareAsync(int process)
    {
        var (store, deadLetters) = processes.Of(process);
        var letters = await deadLetters.ListAsync(new DeadLetterQuery { Subscription = subscription, Limit = 1000 }, Cancellation);
        Assert.Equal(
            _model.Dead.OrderBy(dead => dead.Number).Select(dead => (dead.Number, _model.CountWaiting(dead))),
            letters.Select(letter => (SampleMessages.NumberOf(letter.Envelope), letter.Waiting)).OrderBy(letter => letter.Item1));
        foreach (var partition in _allPartitions)
        {
            var counts = await store.CountByKeyAsync(subscription, partition, Cancellation);
            Assert.Equal(_model.CountByKey(partition), counts.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        }
    }

    private ParkingClaim Claim(int process, string[] partitions, int limit) => new(subscription, partitions, $"owner-{process}", Lease, limit);

    private ParkedMessage Message(int number, int seed)
    {
        var key = _keys[number % _keys.Length];
        if (!_ids.TryGetValue(number, out var id))
            _ids.Add(number, id = SampleMessages.NextId());
        var isDead = seed % 4 == 0;
        return new ParkedMessage
        {
            Subscription = subscription,
            Envelope = SampleMessages.Event("a.b", number, key) with { Id = id },
            Partition = Partitions.Name(number % 3 % 2),
            Position = number,
            State = isDead ? ParkedState.Dead : ParkedState.Scheduled,
            BlocksKey = !isDead || seed % 3 > 0,
            Due = time.GetUtcNow().AddSeconds((seed % 40) - 20),
            ParkedAt = time.GetUtcNow(),
            Code = isDead ? ErrorCodes.HandlerFailed : null,
        };
    }
}
