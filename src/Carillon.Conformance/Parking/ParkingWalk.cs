using System.Globalization;
using System.Text;
using Carillon.Conformance.Waiting;
using Carillon.Parking;

namespace Carillon.Conformance.Parking;

/// <summary>A random walk through a store and its model side by side. The same seed takes the same steps.</summary>
internal sealed class ParkingWalk(IParkingStore store, VirtualTime time, int seed, string subscription, CancellationToken cancellation)
{
    private static readonly string?[] _keys = ["k", "l", "m", null];
    private readonly Random _random = new(seed);
    private readonly ParkingComparison _comparison = new(_ => store, time.GetUtcNow, subscription, cancellation);
    private readonly StringBuilder _story = new();

    /// <summary>The steps so far, one in a line.</summary>
    public string Story => _story.ToString();

    public async Task RunAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await StepAsync();
            await _comparison.CompareAsync(0);
        }
    }

    private Task StepAsync() => _random.Next(12) switch
    {
        0 or 1 or 2 => ParkAsync(),
        3 or 4 => ClaimAsync(),
        5 or 6 or 7 when _comparison.Claims > 0 => SettleAsync(),
        8 => DecideAsync(isReplayed: true),
        9 => DecideAsync(isReplayed: false),
        10 when _random.Next(4) == 0 => TakeOverAsync(),
        _ => Advance(),
    };

    private Task ParkAsync()
    {
        var batch = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => NextMessage()).ToArray();
        Tell($"park {string.Join(' ', batch.Select(message => string.Create(CultureInfo.InvariantCulture, $"{message.Position}{message.Envelope.Key}:{message.State}{(message.BlocksKey ? "" : "-free")}+{message.Delay.TotalSeconds}")))}");
        return _comparison.ParkAsync(batch);
    }

    private Task<int> ClaimAsync()
    {
        string[] partitions = _random.Next(4) switch { 0 => ["0"], 1 => ["1"], _ => ParkingComparison.Partitions };
        var (limit, ofKey) = (_random.Next(1, 8), _random.Next(1, 6));
        Tell($"claim {limit}, {ofKey} of a key, of partitions {string.Join(',', partitions)}");
        return _comparison.ClaimAsync(partitions, limit, ofKey);
    }

    private Task SettleAsync()
    {
        var (index, finished, isFailed) = (_random.Next(_comparison.Claims), _random.Next(4), _random.Next(3) == 0);
        var (state, isFree, delay) = (NextState(), _random.Next(3) == 0, TimeSpan.FromSeconds(_random.Next(0, 30)));
        finished += isFailed ? 0 : 1;
        Tell($"settle {index}: {finished} finished{(isFailed ? $", then {state}{(isFree ? "-free" : "")}+{delay.TotalSeconds}" : "")}");
        return _comparison.SettleAsync(index, finished, isFailed ? Failed : null);

        ParkedMessage Failed(ParkedMessage message) => message with
        {
            State = state,
            BlocksKey = state != ParkedState.Dead || !isFree,
            Delay = delay,
            Code = ErrorCodes.HandlerFailed,
            Attempts = [.. message.Attempts, new FailedAttempt(message.Attempts.Count + 1, time.GetUtcNow(), "handler", "Error", "failed", null)],
        };
    }

    private Task DecideAsync(bool isReplayed)
    {
        var index = _random.Next(100);
        Tell($"{(isReplayed ? "replay" : "discard")} letter {index}");
        return _comparison.DecideAsync(0, index, isReplayed);
    }

    private Task TakeOverAsync()
    {
        var partition = ParkingComparison.Partitions[_random.Next(2)];
        Tell($"take over {partition}");
        return _comparison.TakeOverAsync(0, partition);
    }

    private Task Advance()
    {
        var by = TimeSpan.FromSeconds(_random.Next(1, 15));
        Tell($"advance {by.TotalSeconds} s");
        time.Advance(by);
        return Task.CompletedTask;
    }

    private ParkedMessage NextMessage()
    {
        var number = _random.Next(40);
        var state = _random.Next(3) == 0 ? ParkedState.Behind : NextState();
        return _comparison.Message(number, _keys[number % _keys.Length], state, _random.Next(3) > 0, TimeSpan.FromSeconds(state == ParkedState.Behind ? 0 : _random.Next(-20, 20) is var delay and > 0 ? delay : 0));
    }

    private ParkedState NextState() => _random.Next(4) switch { 0 => ParkedState.Dead, 1 => ParkedState.Stopped, _ => ParkedState.Scheduled };

    private void Tell(string step) => _story.AppendLine(step);
}
