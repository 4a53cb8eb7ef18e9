using System.Text;
using Carillon.Conformance.Transports;
using Carillon.Conformance.Waiting;
using Carillon.Parking;
using Carillon.Transports;

namespace Carillon.Conformance.Parking;

/// <summary>A random walk through a store and its model side by side. The same seed takes the same steps.</summary>
internal sealed class ParkingWalk(IParkingStore store, IDeadLetters deadLetters, VirtualTime time, int seed, string subscription)
{
    private static readonly string?[] _keys = ["k", "l", "m", null];
    private readonly Random _random = new(seed);
    private readonly ParkingModel _model = new();
    private readonly Dictionary<int, ParkedMessage> _claimed = [];
    private readonly Dictionary<int, EventId> _ids = [];
    private readonly StringBuilder _story = new();

    /// <summary>The steps so far, one in a line.</summary>
    public string Story => _story.ToString();

    public async Task RunAsync(int steps, CancellationToken cancellation)
    {
        for (var step = 0; step < steps; step++)
        {
            await StepAsync(cancellation);
            await CompareAsync(cancellation);
        }
    }

    private ValueTask StepAsync(CancellationToken cancellation) => _random.Next(10) switch
    {
        0 or 1 or 2 => ParkAsync(cancellation),
        3 or 4 => ClaimAsync(cancellation),
        5 => UpdateAsync(cancellation),
        6 => CompleteAsync(cancellation),
        7 => ReplayAsync(cancellation),
        8 => DiscardAsync(cancellation),
        _ => Advance(),
    };

    private async ValueTask ParkAsync(CancellationToken cancellation)
    {
        var batch = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => NextMessage()).ToArray();
        Tell($"park {string.Join(' ', batch.Select(message => $"{message.Position}{message.Envelope.Key}:{message.State}{(message.BlocksKey ? "" : "-free")}@{message.Due:ss}"))}");
        foreach (var message in batch)
            _model.Park(new ModelMessage((int)message.Position!, message.Envelope.Key, message.Partition) { State = message.State, BlocksKey = message.BlocksKey, Due = message.Due });
        await store.ParkAsync(batch, cancellation);
    }

    private async ValueTask ClaimAsync(CancellationToken cancellation)
    {
        var (partitions, limit, now) = (SomePartitions(), _random.Next(1, 6), time.GetUtcNow());
        Tell($"claim {limit} of partitions {string.Join(',', partitions)}");
        var due = _model.FindDue(partitions, now).Select(message => message.Number).ToHashSet();
        var claimed = await store.ClaimAsync(new ParkingClaim(subscription, partitions, $"owner-{_random.Next(2)}", TimeSpan.FromSeconds(20), limit), cancellation);
        Assert.Equal(Math.Min(limit, due.Count), claimed.Count);
        foreach (var message in claimed)
        {
            var number = (int)message.Position!;
            Assert.True(due.Remove(number), $"message {number} was claimed but is not due");
            _model.Find(number)!.HeldUntil = now + TimeSpan.FromSeconds(20);
            Assert.Equal(_model.Find(number)!.Attempts, message.Attempts.Count);
            _claimed[number] = message;
        }
    }

    private async ValueTask UpdateAsync(CancellationToken cancellation)
    {
        if (AnyClaimed() is not { } message || _model.Find((int)message.Position!) is not { } known)
            return;
        known.State = _random.Next(2) == 0 ? ParkedState.Scheduled : ParkedState.Dead;
        known.BlocksKey = known.State == ParkedState.Scheduled || _random.Next(3) > 0;
        (known.Due, known.HeldUntil) = (time.GetUtcNow().AddSeconds(_random.Next(-5, 30)), default);
        known.Attempts = message.Attempts.Count + 1;
        Tell($"update {known.Number}: {known.State}{(known.BlocksKey ? "" : "-free")}@{known.Due:ss}");
        var attempt = new FailedAttempt(known.Attempts, time.GetUtcNow(), "handler", "Error", "failed", null);
        await store.UpdateAsync(message with { State = known.State, BlocksKey = known.BlocksKey, Due = known.Due, Code = ErrorCodes.HandlerFailed, Attempts = [.. message.Attempts, attempt] }, cancellation);
        _claimed.Remove(known.Number);
    }

    private async ValueTask CompleteAsync(CancellationToken cancellation)
    {
        if (AnyClaimed() is not { } message)
            return;
        Tell($"complete {message.Position}");
        _model.Remove((int)message.Position!);
        _claimed.Remove((int)message.Position!);
        await store.CompleteAsync([message.Id, 987_654_321], cancellation);
    }

    private async ValueTask ReplayAsync(CancellationToken cancellation)
    {
        if (await AnyLetterAsync(cancellation) is not { } letter || _model.Find(SampleMessages.NumberOf(letter.Envelope)) is not { } known)
            return;
        Tell($"replay {known.Number}");
        (known.State, known.BlocksKey, known.Due, known.HeldUntil) = (ParkedState.Scheduled, true, time.GetUtcNow(), default);
        await deadLetters.ReplayAsync(letter.Id, cancellation);
    }

    private async ValueTask DiscardAsync(CancellationToken cancellation)
    {
        if (await AnyLetterAsync(cancellation) is not { } letter)
            return;
        Tell($"discard {SampleMessages.NumberOf(letter.Envelope)}");
        _model.Remove(SampleMessages.NumberOf(letter.Envelope));
        await deadLetters.DiscardAsync(letter.Id, cancellation);
    }

    private ValueTask Advance()
    {
        var by = TimeSpan.FromSeconds(_random.Next(1, 15));
        Tell($"advance {by.TotalSeconds} s");
        time.Advance(by);
        return ValueTask.CompletedTask;
    }

    private async Task CompareAsync(CancellationToken cancellation)
    {
        var letters = await deadLetters.ListAsync(new DeadLetterQuery { Subscription = subscription, Limit = 1000 }, cancellation);
        Assert.Equal(
            _model.Dead.OrderBy(dead => dead.Number).Select(dead => (dead.Number, _model.CountWaiting(dead))),
            letters.Select(letter => (SampleMessages.NumberOf(letter.Envelope), letter.Waiting)).OrderBy(letter => letter.Item1));
        var partition = SomePartitions()[0];
        var counts = await store.CountByKeyAsync(subscription, partition, cancellation);
        Assert.Equal(_model.CountByKey(partition), counts.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    private ParkedMessage NextMessage()
    {
        var number = _random.Next(40);
        var key = _keys[number % _keys.Length];
        if (!_ids.TryGetValue(number, out var id))
            _ids.Add(number, id = SampleMessages.NextId());
        var isDead = _random.Next(4) == 0;
        return new ParkedMessage
        {
            Subscription = subscription,
            Envelope = SampleMessages.Event("a.b", number, key) with { Id = id },
            Partition = Partitions.Name(number % 3 % 2),
            Position = number,
            State = isDead ? ParkedState.Dead : ParkedState.Scheduled,
            BlocksKey = !isDead || _random.Next(3) > 0,
            Due = time.GetUtcNow().AddSeconds(_random.Next(-20, 20)),
            ParkedAt = time.GetUtcNow(),
            Code = isDead ? ErrorCodes.HandlerFailed : null,
        };
    }

    private string[] SomePartitions() => _random.Next(5) switch { 0 => ["0"], 1 => ["1"], 2 => ["1", "0"], _ => ["0", "1"] };

    private ParkedMessage? AnyClaimed() => _claimed.Count == 0 ? null : _claimed.Values.ElementAt(_random.Next(_claimed.Count));

    private async ValueTask<DeadLetter?> AnyLetterAsync(CancellationToken cancellation)
    {
        var letters = await deadLetters.ListAsync(new DeadLetterQuery { Subscription = subscription }, cancellation);
        return letters.Count == 0 ? null : letters[_random.Next(letters.Count)];
    }

    private void Tell(string step) => _story.AppendLine(step);
}
