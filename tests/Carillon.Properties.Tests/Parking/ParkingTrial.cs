using Carillon.Conformance.Parking;
using Carillon.Parking;
using Carillon.Properties.Tests.Generating;

namespace Carillon.Properties.Tests.Parking;

/// <summary>Steps taken by the processes of a store and by its model side by side, in a subscription of its own.</summary>
internal sealed class ParkingTrial(ParkingProcesses processes, ShownTime time, string subscription)
{
    private const int Messages = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly string?[] _keys = ["k", "l", null];
    private readonly ParkingComparison _comparison = new(process => processes.Of(process), time.GetUtcNow, subscription, TestContext.Current.CancellationToken);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task TakeAsync(ParkingStep step)
    {
        var process = step.Other % processes.Count;
        switch (step.Act)
        {
            case ParkingAct.Park:
                await _comparison.ParkAsync([.. Enumerable.Range(0, 1 + (step.Other % 3)).Select(offset => Message((step.One + (offset * 5)) % Messages, step.Other + offset))]);
                break;
            case ParkingAct.Claim:
                await _comparison.ClaimAsync((step.One % 4) switch { 0 => ["0"], 1 => ["1"], _ => ParkingComparison.Partitions }, 1 + (step.One / 4 % 5), 1 + (step.Other % 4));
                break;
            case ParkingAct.Fail when _comparison.Claims > 0:
                await _comparison.SettleAsync(step.One % _comparison.Claims, step.Other % 3, message => Failed(message, step.Other));
                break;
            case ParkingAct.Complete when _comparison.Claims > 0:
                await _comparison.SettleAsync(step.One % _comparison.Claims, 1 + (step.Other % 3), null);
                break;
            case ParkingAct.TakeOver:
                await _comparison.TakeOverAsync(process, ParkingComparison.Partitions[step.One % 2]);
                break;
            case ParkingAct.Replay:
                await _comparison.DecideAsync(process, step.One, isReplayed: true);
                break;
            case ParkingAct.Discard:
                await _comparison.DecideAsync(process, step.One, isReplayed: false);
                break;
            case ParkingAct.Wait:
                time.Advance(TimeSpan.FromSeconds(1 + (step.One % 25)));
                break;
            case ParkingAct.Restart when await processes.RestartAsync(process):
                _comparison.Forget(process);
                break;
            default:
                return;
        }

        await _comparison.CompareAsync(process);
    }

    /// <summary>
    /// When all times have come and somebody else has taken over, people see the dead letters, and claims see everything else: each message once, in
    /// order of its key. Nothing is left that nobody would move.
    /// </summary>
    public async Task DrainAsync()
    {
        time.Advance(TimeSpan.FromDays(1));
        var store = processes.Of(0);
        while (await ((IDeadLetters)store).CountAsync(new DeadLetterQuery { Subscription = subscription }, Cancellation) > 0)
            await _comparison.DecideAsync(0, 0, isReplayed: true);
        foreach (var partition in ParkingComparison.Partitions)
            await _comparison.TakeOverAsync(0, partition);
        await _comparison.CompareAsync(0);
        while (_comparison.HasDue)
        {
            await store.WaitForWorkAsync(subscription, ParkingComparison.Partitions, Patience, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
            Assert.NotEqual(0, await _comparison.ClaimAsync(ParkingComparison.Partitions, 5, 3));
            while (_comparison.Claims > 0)
                await _comparison.SettleAsync(0, 3, null);
        }

        foreach (var partition in ParkingComparison.Partitions)
            Assert.Empty(await store.ReadHeldUpAsync(new ParkingOwner(subscription, partition, 0), null, 10, Cancellation));
        await _comparison.CompareAsync(0);
        Assert.Equal(0, await _comparison.ClaimAsync(ParkingComparison.Partitions, 100, 100));
    }

    private ParkedMessage Failed(ParkedMessage message, int seed)
    {
        var state = (seed % 4) switch { 0 => ParkedState.Dead, 1 => ParkedState.Stopped, _ => ParkedState.Scheduled };
        return message with
        {
            State = state,
            BlocksKey = state != ParkedState.Dead || seed % 3 == 0,
            Delay = TimeSpan.FromSeconds(Math.Max(0, (seed % 35) - 5)),
            Code = ErrorCodes.HandlerFailed,
            Attempts = [.. message.Attempts, new FailedAttempt(message.Attempts.Count + 1, time.GetUtcNow(), "handler", "Error", "failed", null)],
        };
    }

    private ParkedMessage Message(int number, int seed)
    {
        var state = (seed % 6) switch { 0 => ParkedState.Dead, 1 => ParkedState.Behind, 2 => ParkedState.Stopped, _ => ParkedState.Scheduled };
        return _comparison.Message(number, _keys[number % _keys.Length], state, seed % 3 > 0, TimeSpan.FromSeconds(state == ParkedState.Behind ? 0 : Math.Max(0, (seed % 40) - 20)));
    }
}
