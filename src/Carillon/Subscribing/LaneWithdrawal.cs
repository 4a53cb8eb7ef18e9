using System.Collections.Concurrent;
using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Takes lanes away from this process: what waits in them is returned, what runs may finish in time and is cancelled then. A handler that does not
/// heed that is shown to people.
/// </summary>
internal sealed class LaneWithdrawal(string subscription, LaneScheduler scheduler, DeliveryBudget budget, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Reaction = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<WithdrawnLanes, LatePartitions> _late = new();

    /// <summary>Takes all lanes away, within the grace time and a moment more: the process is about to end.</summary>
    /// <returns>The lanes; some are still busy when their handlers do not heed that they are cancelled.</returns>
    public async ValueTask<WithdrawnLanes> EndAsync(CancellationToken grace)
    {
        var withdrawn = scheduler.Withdraw(static _ => true);
        Begin(withdrawn);
        if (await HasEndedAsync(withdrawn, grace))
            return withdrawn;
        Cancel(withdrawn);
        if (await HasEndedAsync(withdrawn, Reaction))
            return withdrawn;
        foreach (var worker in scheduler.WorkingOn(withdrawn))
            SubscribingLog.HandlerAbandoned(logger, subscription, worker.Handler);
        return withdrawn;
    }

    /// <summary>Lets everything be handled that waits in lanes, and nothing be taken out of them, until the deadline.</summary>
    public async ValueTask EmptyAsync(Func<Lane, bool> concerns, CancellationToken deadline) => await HasEndedAsync(scheduler.Watch(concerns), deadline);

    /// <summary>Ends what goes on in the lanes of partitions that this process is to give up. Completes when nothing of them is being handled any more.</summary>
    /// <param name="withdrawn">The lanes.</param>
    /// <param name="partitions">The partitions, for people.</param>
    /// <param name="deadline">Cancels what still runs.</param>
    public async ValueTask DrainAsync(WithdrawnLanes withdrawn, IEnumerable<string> partitions, CancellationToken deadline)
    {
        Begin(withdrawn);
        if (await HasEndedAsync(withdrawn, deadline))
            return;
        await CancelAsync(withdrawn, new LatePartitions(string.Join(", ", partitions), time.GetUtcNow(), IsLost: false));
    }

    /// <summary>Ends at once what goes on in lanes that may be another instance's already.</summary>
    /// <param name="withdrawn">The lanes.</param>
    /// <param name="what">What was lost, for people.</param>
    public void EndLost(WithdrawnLanes withdrawn, string what)
    {
        Begin(withdrawn);
        _ = CancelAsync(withdrawn, new LatePartitions(what, time.GetUtcNow(), IsLost: true));
    }

    /// <summary>Says which handlers go on with messages of partitions that are to go, or that are gone.</summary>
    public IEnumerable<HealthFinding> CheckHealth() => _late.Select(late =>
    {
        var (handler, partitions) = (Describe(late.Key), late.Value.Partitions);
        var text = late.Value.IsLost
            ? $"{subscription} has lost {partitions}, and still handles messages of that with {handler}, which ignores that it was cancelled. Another instance may handle messages of the same keys beside it."
            : $"{subscription} is to give up partitions {partitions}, and still handles messages of them with {handler}, which ignores that it was cancelled. They stay here, and nothing more of them is handled, until it ends.";
        return new HealthFinding(HealthSeverity.Degraded, text) { Since = late.Value.Since };
    });

    private void Begin(WithdrawnLanes withdrawn)
    {
        foreach (var delivery in withdrawn.Taken)
        {
            budget.Give(delivery);
            delivery.Return();
        }

        foreach (var worker in scheduler.WorkingOn(withdrawn))
            _ = CancelAsync(worker.Waiting);
    }

    private async Task CancelAsync(WithdrawnLanes withdrawn, LatePartitions late)
    {
        Cancel(withdrawn);
        if (await HasEndedAsync(withdrawn, Reaction))
            return;
        _late[withdrawn] = late;
        if (late.IsLost)
            SubscribingLog.LostPartitionsHandled(logger, subscription, late.Partitions, Describe(withdrawn));
        else
            SubscribingLog.PartitionsKept(logger, subscription, late.Partitions, Describe(withdrawn));
        await withdrawn.WaitAsync();
        _late.TryRemove(withdrawn, out _);
    }

    private LogText Describe(WithdrawnLanes withdrawn) =>
        new(string.Join(", ", scheduler.WorkingOn(withdrawn).Select(static worker => worker.Handler).OfType<string>().Distinct().Take(3)));

    private void Cancel(WithdrawnLanes withdrawn)
    {
        foreach (var cancellation in scheduler.TakeCancellations(withdrawn))
            _ = CancelAsync(cancellation);
    }

    // Drivers of databases ask the server inside of the cancellation, and block where it does not answer: that holds up neither the next handler nor the stop.
    private async Task CancelAsync(CancellationTokenSource cancellation)
    {
        await Task.Yield();
        try
        {
            cancellation.Cancel();
        }
        catch (AggregateException error)
        {
            SubscribingLog.CancellingFailed(logger, subscription, error);
        }
    }

    private static async ValueTask<bool> HasEndedAsync(WithdrawnLanes withdrawn, CancellationToken deadline)
    {
        try
        {
            await withdrawn.WaitAsync().WaitAsync(deadline);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask<bool> HasEndedAsync(WithdrawnLanes withdrawn, TimeSpan patience)
    {
        try
        {
            await withdrawn.WaitAsync().WaitAsync(patience, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private sealed record LatePartitions(string Partitions, DateTimeOffset Since, bool IsLost);
}
