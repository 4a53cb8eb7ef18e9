using Carillon.DeadLetters;
using Carillon.Diagnostics;
using Carillon.Parking;
using Microsoft.Extensions.Logging;

namespace Carillon.Subscribing;

/// <summary>
/// Brings parked messages back into their lanes when they are due or replayed, and notices when somebody has freed a key. It holds as
/// much in memory as there is room for, like a receiver.
/// </summary>
internal sealed class RedeliveryFeed(
    string subscription, string owner, IParkingStore store, SubscriptionParking parking, LaneScheduler scheduler, DeliveryBudget budget, TimeProvider time, ILogger logger)
{
    private const int MostAtOnce = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly HashSet<string> _partitions = new(StringComparer.Ordinal);
    private readonly HashSet<long> _inFlight = [];
    private readonly List<ParkedMessage> _returned = [];

    /// <summary>What reads the store; those that read the same one share it.</summary>
    public RecurringFailure Reading { get; init; } = new(time);

    /// <summary>Says what is wrong with the feed.</summary>
    public IReadOnlyList<HealthFinding> CheckHealth() =>
        FailureFinding.Of(Reading, $"The parked messages of {subscription} cannot be read", time.GetUtcNow()) is { } finding ? [finding] : [];

    /// <summary>Begins to feed the messages of these partitions.</summary>
    public void Assign(IReadOnlyCollection<string> partitions)
    {
        lock (_gate)
            _partitions.UnionWith(partitions);
    }

    /// <summary>Feeds no more messages of these partitions.</summary>
    public void Revoke(IReadOnlyCollection<string> partitions)
    {
        lock (_gate)
            _partitions.ExceptWith(partitions);
    }

    /// <summary>Feeds until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await Task.Yield();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await store.WaitForWorkAsync(subscription, Patience, cancellation);
                await NoticeFreedKeysAsync(cancellation);
                while (await FeedAsync(cancellation))
                {
                    // There may be more than fits into one claim.
                }

                if (Reading.Succeeded() is { } over)
                    SubscribingLog.RedeliveryAgain(logger, subscription, over.Lasted, over.Count);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                Note(error);
                await PauseAsync(cancellation);
            }
        }
    }

    /// <summary>Gives up the claims on messages that were returned unhandled, so that others need not wait for the lease to end.</summary>
    public async ValueTask GiveBackAsync(CancellationToken cancellation)
    {
        ParkedMessage[] returned;
        lock (_gate)
        {
            returned = [.. _returned];
            _returned.Clear();
        }

        try
        {
            foreach (var message in returned)
                await store.UpdateAsync(message, cancellation);
        }
        catch (Exception error)
        {
            Note(error);
        }
    }

    private void Note(Exception error)
    {
        if (Reading.Failed(error) is { } notice)
            SubscribingLog.RedeliveryFailed(logger, subscription, notice.Count, notice.Lasted, error);
    }

    private async Task PauseAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Patience, time, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token itself.
        }
    }

    private async ValueTask<bool> FeedAsync(CancellationToken cancellation)
    {
        var partitions = Owned();
        var limit = Math.Min(budget.Room(), MostAtOnce);
        if (partitions.Length == 0 || limit == 0)
            return false;
        var claimed = await store.ClaimAsync(new ParkingClaim(subscription, partitions, owner, Lease, limit), cancellation);
        var fed = 0;
        foreach (var message in claimed)
        {
            if (Begin(message.Id))
            {
                budget.Take(message.Envelope);
                scheduler.Add(new ParkedDelivery(message, End));
                fed++;
            }
        }

        return fed > 0 && claimed.Count == limit;
    }

    /// <summary>A key that is held up here but not in the store was freed by somebody: its lane counts anew.</summary>
    private async ValueTask NoticeFreedKeysAsync(CancellationToken cancellation)
    {
        foreach (var partition in Owned())
        {
            var known = parking.HeldUp.In(partition);
            if (known.Count == 0)
                continue;
            var counts = await store.CountByKeyAsync(subscription, partition, cancellation);
            foreach (var (key, _) in known.Where(key => !counts.ContainsKey(key.Key)))
            {
                var recount = new RecountDelivery(partition, key);
                budget.Take(recount.Envelope);
                scheduler.Add(recount);
            }
        }
    }

    private string[] Owned()
    {
        lock (_gate)
            return [.. _partitions];
    }

    private bool Begin(long id)
    {
        lock (_gate)
            return _inFlight.Add(id);
    }

    private void End(ParkedDelivery delivery, bool isFinished)
    {
        lock (_gate)
        {
            _inFlight.Remove(delivery.Parked.Id);
            if (!isFinished)
                _returned.Add(delivery.Parked);
        }
    }
}
