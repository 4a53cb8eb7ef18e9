using System.Collections.Concurrent;
using Carillon.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Takes lanes away from this process: what waits in them is returned, what runs may finish in time and is cancelled then. A handler that does not
/// heed that keeps its partition, because nobody else may begin with its key beside it (G3); it is shown to people instead.
/// </summary>
internal sealed class LaneWithdrawal(string subscription, LaneScheduler scheduler, DeliveryBudget budget, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Reaction = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, LaneRevocation> _leaving = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<LaneRevocation, LatePartitions> _late = new();

    /// <summary>Takes all lanes away, within the grace time and a moment more: the process is about to end.</summary>
    public async ValueTask EndAsync(CancellationToken grace)
    {
        var revocation = scheduler.Revoke(static _ => true);
        var ended = Begin(revocation);
        if (await HasEndedAsync(ended, grace))
            return;
        Cancel(revocation);
        if (await HasEndedAsync(ended, Reaction))
            return;
        foreach (var worker in scheduler.WorkingOn(revocation))
            SubscribingLog.HandlerAbandoned(logger, subscription, worker.Handler);
    }

    /// <summary>Takes the lanes of partitions away. Completes when nothing of them is being handled any more.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="deadline">Cancels what still runs.</param>
    /// <returns>Those of the partitions that have not come back to this process meanwhile.</returns>
    public async ValueTask<IReadOnlyCollection<string>> DrainAsync(IReadOnlyCollection<string> partitions, CancellationToken deadline)
    {
        var revoked = partitions.ToHashSet(StringComparer.Ordinal);
        var revocation = scheduler.Revoke(lane => revoked.Contains(lane.Partition));
        foreach (var partition in partitions)
            _leaving[partition] = revocation;
        var ended = Begin(revocation);
        if (!await HasEndedAsync(ended, deadline))
        {
            var cancelledAt = time.GetUtcNow();
            Cancel(revocation);
            if (!await HasEndedAsync(ended, Reaction))
                await WaitForLateAsync(revocation, ended, new LatePartitions(string.Join(", ", partitions), cancelledAt));
        }

        return [.. partitions.Where(partition => _leaving.TryRemove(KeyValuePair.Create(partition, revocation)))];
    }

    /// <summary>Partitions are this process's, again or still.</summary>
    public void Keep(IEnumerable<string> partitions)
    {
        foreach (var partition in partitions)
            _leaving.TryRemove(partition, out _);
    }

    /// <summary>Says which handlers keep partitions from going to another instance.</summary>
    public IEnumerable<HealthFinding> CheckHealth() => _late.Select(late =>
    {
        var text = $"{subscription} is to give up partitions {late.Value.Partitions}, and still handles messages of them with {Describe(late.Key)}, which ignores that it was cancelled. They stay here, and nothing more of them is handled, until it ends.";
        return new HealthFinding(HealthSeverity.Degraded, text) { Since = late.Value.Since };
    });

    private Task Begin(LaneRevocation revocation)
    {
        foreach (var delivery in revocation.Taken)
        {
            budget.Give(delivery.Envelope);
            delivery.Return();
        }

        foreach (var worker in revocation.Runners)
            _ = CancelAsync(worker.Waiting);
        return revocation.WaitAsync();
    }

    private async ValueTask WaitForLateAsync(LaneRevocation revocation, Task ended, LatePartitions late)
    {
        _late[revocation] = late;
        try
        {
            SubscribingLog.PartitionsKept(logger, subscription, late.Partitions, Describe(revocation));
            await ended;
        }
        finally
        {
            _late.TryRemove(revocation, out _);
        }
    }

    private LogText Describe(LaneRevocation revocation) =>
        new(string.Join(", ", scheduler.WorkingOn(revocation).Select(static worker => worker.Handler).OfType<string>().Distinct().Take(3)));

    private void Cancel(LaneRevocation revocation)
    {
        foreach (var cancellation in scheduler.TakeCancellations(revocation))
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

    private static async ValueTask<bool> HasEndedAsync(Task ended, CancellationToken deadline)
    {
        try
        {
            await ended.WaitAsync(deadline);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask<bool> HasEndedAsync(Task ended, TimeSpan patience)
    {
        try
        {
            await ended.WaitAsync(patience, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private sealed record LatePartitions(string Partitions, DateTimeOffset Since);
}
